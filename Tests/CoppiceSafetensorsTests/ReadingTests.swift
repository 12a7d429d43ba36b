import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors
import CoppiceTestSupport
import SystemPackage
import Testing

@Suite struct ReadingTests {
  @Test(arguments: ["types.safetensors", "names.safetensors", "empty.safetensors", "set"])
  func readsWhatTheRealLibraryWrote(_ name: String) throws {
    let truth = try Fixtures.truth(name)
    let contents = try open(Fixtures.directory.appending(name))
    #expect(contents.format == "safetensors")
    #expect(contents.warnings.isEmpty)
    #expect(contents.entries.count == truth.tensors.count)
    for (name, leaf) in contents.entries {
      let found = truth.tensors.first { $0.name.utf8.elementsEqual(name.utf8) }
      let tensor = try #require(found, "\(name)")
      #expect(try leaf.metadata.dtype.rawValue == tensor.dtype)
      #expect(try leaf.metadata.shape.dimensions == tensor.shape)
      #expect(try hex(leaf.source.loaded) == tensor.hex, "\(name)")
      #expect(try hex(leaf.source.streamed()) == tensor.hex, "\(name)")
    }
    let members = truth.metadata.map { pairs in
      JSON.object(pairs.map { JSON.Member($0.key, .string($0.value)) })
    }
    #expect(contents.custom == members)
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.hex
  }

  @Test func keepsTheOrderOfTheHeader() throws {
    let header = """
      {"z":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},"__metadata__":{"k":"v"},\
      "a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},\
      "m":{"shape":[1],"data_offsets":[1,2],"dtype":"I8"}}
      """
    let contents = try open(file(header + "   ", data: [10, 11, 12]))
    #expect(contents.entries.map(\.name) == ["z", "a", "m"])
    #expect(try contents.entries.map { try $0.leaf.source.loaded } == [[12], [10], [11]])
  }

  @Test func keepsADottedNameAsOneKey() throws {
    let header = #"{"a.b.c":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#
    #expect(try open(file(header, data: [1])).entries.map(\.name) == ["a.b.c"])
  }

  @Test func takesTensorsWithoutElementsAnywhere() throws {
    let header = """
      {"a":{"dtype":"F32","shape":[0,5],"data_offsets":[4,4]},\
      "b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},\
      "c":{"dtype":"F4","shape":[0],"data_offsets":[0,0]}}
      """
    #expect(try open(file(header, data: [1, 2, 3, 4])).entries.count == 3)
  }

  @Test func takesNullMetadataForNone() throws {
    #expect(try open(file(#"{"__metadata__":null}"#)).custom == nil)
    #expect(try open(file(#"{"__metadata__":{}}"#)).custom == .object([]))
  }

  @Test func readsBoxesOfPackedFloats() throws {
    let header = #"{"q":{"dtype":"F4","shape":[3,4],"data_offsets":[0,6]}}"#
    let data: [UInt8] = [0x10, 0x32, 0x54, 0x76, 0x98, 0xBA]
    let source = try #require(try open(file(header, data: data)).entries.first).leaf.source
    #expect(try source.loaded == Array(0..<12))
    #expect(try source.loaded(box([1, 1], [2, 3])) == [5, 6, 7, 9, 10, 11])
  }

  @Test func recognizesFilesByTheirBeginning() throws {
    let directory = try TemporaryDirectory()
    try directory.write("model.bin", file("{}"))
    try directory.write("other.bin", Array(repeating: 7, count: 100))
    try directory.write("empty.bin", [])
    try directory.write("empty.safetensors", [])
    func recognized(_ name: String) throws -> Bool {
      try SafetensorsFormat.recognizes(file: InputFile(opening: directory.path.appending(name)))
    }
    #expect(try recognized("model.bin"))
    #expect(try !recognized("other.bin"))
    #expect(try !recognized("empty.bin"))
    #expect(try recognized("empty.safetensors"))
    #expect(
      try SafetensorsFormat.recognizes(directory: DirectoryHandle(opening: directory.path)))
    #expect(
      try !SafetensorsFormat.recognizes(
        directory: DirectoryHandle(opening: Fixtures.directory.removingLastComponent())))
  }
}
