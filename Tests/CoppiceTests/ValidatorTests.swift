import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceMaintenance
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage
import Testing

/// The faults that readers refuse and validation finds, in copies of the examples with one thing wrong.
struct ValidatorTests {
  /// VER-6: a feature that is used and not listed.
  @Test func featuresMustBeListed() throws {
    for (listed, feature) in [
      (#","zstd"]"#, "zstd"), (#""composite","#, "composite"), (#""sharded","#, "sharded"),
    ] {
      let copy = try ExampleCopy("tour")
      try copy.change("coppice.json", listed, feature == "zstd" ? "]" : "")
      #expect(try copy.refusal() == "versioning.undeclared-feature", "\(feature)")
      #expect(try copy.findings(.document) == ["versioning.undeclared-feature"], "\(feature)")
    }
  }

  @Test func nonfiniteNumbersOfDataAreAFeature() throws {
    let copy = try ExampleCopy("tour")
    try copy.change("extras/notes/data.json", "null", "NaN")
    #expect(try copy.refusal() == "versioning.undeclared-feature")
    try copy.change("coppice.json", #""composite","#, #""composite","json-nonfinite","#)
    #expect(try copy.refusal() == nil)
    #expect(try copy.findings(.data) == [])
  }

  /// VER-5: a feature that is listed and not used is a fault, unless it may have been.
  @Test func featuresMustBeUsed() throws {
    let copy = try ExampleCopy("tour")
    try copy.change("coppice.json", #""composite","#, #""composite","json-nonfinite","#)
    #expect(try copy.refusal() == nil)
    #expect(try copy.findings(.document) == ["versioning.unused-feature"])
    try OutputDirectory.remove(copy("config"))
    #expect(try copy.findings(.document) == ["directory.missing-checkpointable (warning)"])
  }

  /// DIR-12, DIR-13, DIR-15.
  @Test func directoriesMayBeMissingFilesMayNot() throws {
    let missing = try ExampleCopy("tour")
    try OutputDirectory.remove(missing("state"))
    #expect(try missing.refusal() == nil)
    #expect(try missing.findings(.data) == ["directory.missing-checkpointable (warning)"])

    let partial = try ExampleCopy("tour")
    try OutputDirectory.remove(partial("state/arrays.1.h5"))
    #expect(try partial.findings(.document) == [])
    #expect(try partial.findings(.structure) == ["directory.file-missing"])

    let document = try ExampleCopy("tour")
    try OutputDirectory.remove(document("config/data.json"))
    #expect(try document.refusal() == "directory.file-missing")
    #expect(try document.findings(.document) == ["directory.file-missing"])

    let kind = try ExampleCopy("tour")
    try kind.write([1], to: "config")
    #expect(try kind.refusal() == "file.kind")
    #expect(try kind.findings(.document) == ["file.kind"])
  }

  /// DIR-14.
  @Test func unknownFilesAreTolerated() throws {
    let copy = try ExampleCopy("tour")
    for place in ["", "state/", "iterator%201/", "iterator%201/shards/", "extras/"] {
      try copy.write([1], to: place + "stray")
    }
    try OutputDirectory.create(copy("iterator%201/empty"))
    #expect(try copy.refusal() == nil)
    #expect(try copy.findings(.document) == [])
    #expect(
      try copy.findings(.structure)
        == Array(repeating: "directory.unknown-file (warning)", count: 6))
  }

  /// MET-9: readers that load rely on the digest for the canonical form of tree documents.
  @Test func formIsValidated() throws {
    let copy = try ExampleCopy("minimal")
    try copy.change("state/tree.json", #""leaf":0"#, #""leaf": 0"#)
    #expect(try copy.refusal() == nil)
    #expect(try copy.findings(.document) == ["json.not-canonical"])
    let data = try ExampleCopy("tour")
    try data.change("config/data.json", #""layers":"#, #""layers": "#)
    #expect(try data.findings(.document) == ["json.not-canonical"])
  }

  /// DIR-6: only validation looks for collisions.
  @Test func namesThatCollideAreFound() throws {
    let copy = try ExampleCopy("tour")
    let notes = #"{"notes":{"document":{"digest":"f940a5762341cbcc","size":21},"kind":"json"}}"#
    let pair = #""Notes":{"document":{"digest":"f940a5762341cbcc","size":21},"kind":"json"}"#
    try copy.change("coppice.json", notes, "{" + pair + "," + notes.dropFirst())
    try OutputDirectory.create(copy("extras/Notes"))
    try copy.write(try copy.bytes("extras/notes/data.json"), to: "extras/Notes/data.json")
    #expect(try copy.refusal() == nil)
    #expect(try copy.findings(.data) == ["directory.name-collision"])
  }

  /// VAL-5: shards and blocks belong to the level of structure.
  @Test func structureIsNotForDocuments() throws {
    let copy = try ExampleCopy("tour")
    try copy.change("state/tree.json", #""grid":[4,4]"#, #""grid":[4,[3]]"#)
    #expect(try copy.refusal() == "sharding.bad-shards")
    #expect(try copy.findings(.document) == [])
    #expect(try copy.findings(.structure) == ["sharding.bad-shards"])
    let block = try ExampleCopy("tour")
    try block.change("state/tree.json", "[2432,2048,2112", "[2500,2049,2112")
    #expect(
      try block.findings(.structure) == ["arrays.block-alignment", "arrays.block-overlap"])
  }

  /// MET-22, MET-23.
  @Test func sizesAndDigestsAreCompared() throws {
    let copy = try ExampleCopy("tour")
    try copy.write(Array("two\n".utf8), to: "iterator%201/shards.txt")
    #expect(try copy.findings(.structure) == [])
    #expect(try copy.findings(.data) == ["metadata.digest-mismatch"])
    try copy.write(Array("three\n".utf8), to: "iterator%201/shards.txt")
    #expect(try copy.refusal() == "metadata.size-mismatch")
    #expect(try copy.findings(.structure) == ["metadata.size-mismatch"])
  }

  /// Every byte of the HDF5 files is under a digest.
  @Test(arguments: ["arrays.h5", "arrays.1.h5"])
  func everyByteOfArraysCounts(_ name: String) throws {
    let copy = try ExampleCopy("tour")
    let good = try copy.bytes("state/" + name)
    var found: Set<[String]> = []
    for place in stride(from: 0, to: good.count, by: good.count / 100) {
      var bad = good
      bad[place] ^= 0x40
      try copy.write(bad, to: "state/" + name)
      found.insert(try copy.findings(.data))
    }
    #expect(found == [["arrays.digest-mismatch"], ["arrays.stale-index"]])
    try copy.write(good.dropLast(), to: "state/" + name)
    #expect(try copy.findings(.structure) == ["arrays.truncated"])
    try copy.write(good + [0], to: "state/" + name)
    #expect(try copy.findings(.structure) == ["arrays.stale-index"])
  }

  /// An index is recorded in the tree document, and messages about it name that one.
  @Test func messagesNameTheDocumentWithTheRecord() throws {
    let copy = try ExampleCopy("tour")
    var bytes = try copy.bytes("state/arrays.1.json")
    bytes[40] ^= 1
    try copy.write(bytes, to: "state/arrays.1.json")
    let found = try Validator.run(try copy.handle, level: .document)
    #expect(found.map(\.fault.code) == [.metadataDigestMismatch])
    #expect(found.first?.fault.message.contains("but the tree document says") == true)
    try copy.write(bytes + [0x0A], to: "state/arrays.1.json")
    let longer = try Validator.run(try copy.handle, level: .document)
    #expect(longer.map(\.fault.code) == [.metadataSizeMismatch])
    #expect(
      longer.first?.fault.message.hasSuffix("but the tree document says \(bytes.count)") == true)
  }

  /// ARR-14: the bytes of a chunk beyond the array are zero.
  @Test func paddingIsLookedAt() throws {
    var generator = TreeGenerator(seed: 13)
    var options = WriteOptions()
    options.durability = .buffered
    options.tree.zstdLevel = 1
    options.tree.chunkBytes = 4096
    // Two chunks that don't compress, the second with a byte outside.
    let copy = try ExampleCopy(of: .leaf(try generator.array(.uint8, [8191])), options: options)
    #expect(try copy.findings(.data) == [])
    try damage(copy, block: 1) { block in
      #expect(block.count == 4096 && block[4095] == 0)
      block[4095] = 1
    }
    #expect(try copy.findings(.data) == ["arrays.bad-encoding"])
  }

  /// MOD-12: faults that digests don't show.
  @Test func elementsAreLookedAt() throws {
    let copy = try ExampleCopy("tour")
    // The bool array is leaf 5, block 10: two bytes.
    try damage(copy, block: 10) { $0[0] = 2 }
    #expect(try copy.findings(.data) == ["arrays.bad-element"])
    #expect(try copy.refusal() == nil)
  }

  /// Changes a block, and the digest that covers it.
  private func damage(
    _ copy: ExampleCopy, block row: Int, _ change: (inout [UInt8]) -> Void
  ) throws {
    let document = try TreeDocument(
      parsing: try copy.bytes("state/tree.json"), file: "tree.json")
    let blocks = document.index.blocks
    let name = "state/arrays.h5"
    var file = try copy.bytes(name)
    let range = blocks.offset[row]..<(blocks.offset[row] + blocks.size[row])
    var bytes = Array(file[range])
    change(&bytes)
    file.replaceSubrange(range, with: bytes)
    try copy.write(file, to: name)
    var changed = document
    changed.index.blocks.digest[row] = Digest(of: bytes).bits
    try copy.replace("state/tree.json", with: changed.encoded())
  }
}
