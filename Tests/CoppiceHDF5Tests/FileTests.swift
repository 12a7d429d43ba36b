import CoppiceHDF5
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct FileTests {
  let scratch = Scratch()

  /// A file with some of everything.
  private func writeRichFile(_ path: String) throws {
    let file = try File(creatingAt: path)
    do {
      let root = try file.root()
      try root.writeAttribute("format", text: "coppice")
      let group = try root.createGroup("some/deep/group")
      try group.writeAttribute("encoding-version", integer: Int32(3))
      for index in 0..<50 {
        let dataset = try group.createDataset("d\(index)", type: .bfloat16(), dimensions: [5])
        try dataset.write(.init(repeating: UInt8(index), count: 10))
      }
      let chunked = try root.createDataset(
        "chunked", type: .bool(), dimensions: [100], chunk: [10], filters: [.zstd(level: 1)])
      for chunk in 0..<10 {
        try chunked.writeChunk([UInt8]([1, 2, 3]).span.bytes, at: [UInt64(chunk * 10)])
      }
      _ = try root.createVirtualDataset(
        "virtual", type: .float32(), dimensions: [4],
        mappings: [
          VirtualMapping(
            box: Box(offset: [0], shape: [4]), sourceFile: "x.h5", sourcePath: "/x")
        ])
    }
    try file.close()
  }

  @Test func equalContentsGiveEqualBytes() throws {
    try writeRichFile(scratch.file("a.h5"))
    usleep(1_100_000)
    try writeRichFile(scratch.file("b.h5"))
    let bytes = contents(of: scratch.file("a.h5"))
    #expect(!bytes.isEmpty)
    #expect(bytes == contents(of: scratch.file("b.h5")))
  }

  @Test func neverReplacesAFile() throws {
    let path = scratch.file("a.h5")
    try File(creatingAt: path).close()
    let before = contents(of: path)
    let error = #expect(throws: HDF5Error.self) { _ = try File(creatingAt: path) }
    #expect(error?.errno == EEXIST)
    #expect(contents(of: path) == before)
  }

  @Test func saysWhyAFileCannotBeOpened() throws {
    let error = #expect(throws: HDF5Error.self) {
      _ = try File(readingFrom: scratch.file("none.h5"))
    }
    #expect(error?.errno == ENOENT)
    #expect(error?.frames.first?.function == "H5Fopen")
    #expect(error?.frames.last?.message.contains("No such file") == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func refusesToCloseWhileObjectsAreOpen() throws {
    let path = scratch.file("a.h5")
    let file = try File(creatingAt: path)
    let group = try file.root()
    do {
      try file.close()
      Issue.record("the file was closed")
    } catch {
      #expect(error.description.contains("1 objects"))
    }
    _ = try group.info()
  }

  @Test func refusesNamesWithANulByte() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let root = try file.root()
    #expect(throws: HDF5Error.self) { _ = try root.createGroup("a\0b") }
    #expect(throws: HDF5Error.self) { try root.writeAttribute("a\0b", text: "") }
    #expect(throws: HDF5Error.self) { _ = try File(readingFrom: "a\0b") }
    #expect(try root.links().isEmpty)
  }

  /// One lock for the library, held for one call at a time, and no handle closed by another.
  @Test func manyTasksUseTheLibraryAtOnce() async throws {
    let scratch = scratch
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<200 {
        group.addTask {
          let path = scratch.file("\(task).h5")
          let values = (0..<100).map { UInt32($0 * task) }
          do {
            let file = try File(creatingAt: path)
            do {
              let dataset = try file.root().createDataset(
                "a/b", type: .integer(byteCount: 4, isSigned: false), dimensions: [100])
              try dataset.write([UInt8](of: values))
              let error = #expect(throws: HDF5Error.self) {
                _ = try file.root().openDataset("none-\(task)")
              }
              #expect(error?.description.contains("none-\(task)") == true)
              try dataset.close()
            }
            try file.close()
          }
          let file = try File(readingFrom: path)
          let dataset = try file.root().openDataset("a/b")
          #expect(try dataset.bytes(count: 400) == [UInt8](of: values))
        }
      }
      try await group.waitForAll()
    }
  }
}
