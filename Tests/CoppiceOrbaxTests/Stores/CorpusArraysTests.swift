import CoppiceDigest
import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import CoppiceZarr
import SystemPackage
import Testing

@testable import CoppiceOrbax

/// Every array of the Orbax checkpoints in `fixtures/foreign`, against the digests computed from its values.
@Suite struct CorpusArraysTests {
  static let names = StoreCorpus.cases("orbax-")

  @Test(arguments: names)
  func readsEveryArray(_ name: String) throws {
    let truth = try StoreCorpus.truth(name)
    let ckpt = try StoreCorpus.directory(name).subdirectory(try #require(truth["path"]).string())
    var compared = 0
    func compareItem(_ item: JSONNode, _ directory: DirectoryHandle) throws {
      guard let tree = item["tree"] else { return }
      compared += try compare(StoreCorpus.arrays(tree), directory)
    }
    func compareAll(_ node: JSONNode, _ directory: DirectoryHandle) throws {
      if let root = node["root"] { try compareItem(root, directory) }
      for (item, value) in StoreCorpus.members(node["checkpointables"]) {
        guard try directory.hasDirectory(item) else { continue }
        try compareItem(value, try directory.subdirectory(item))
      }
    }
    try compareAll(truth, ckpt)
    for (_, step) in StoreCorpus.members(truth["steps"]) {
      guard let dir = step["dir"] else { continue }
      try compareAll(step, try ckpt.subdirectory(try dir.string()))
    }
    // These cases store everything in files other than the chunks of arrays.
    if !Self.hasNoChunks(name) { #expect(compared > 0) }
  }

  private static func hasNoChunks(_ name: String) -> Bool {
    let kinds = [
      "-aggregate", "-flaxsave", "-lost", "v0-direct-json", "-root-string", "-strings-only",
    ]
    return kinds.contains { name.hasSuffix($0) }
  }

  private func store(_ directory: DirectoryHandle) throws -> any KeyValueStore {
    if try directory.hasFile("manifest.ocdbt") { return try OCDBTDatabase(opening: directory) }
    let parts = try directory.entries().filter { $0.name.hasPrefix("ocdbt.process_") }
    guard !parts.isEmpty else { return DirectoryStore(directory) }
    return MergedStore(
      try parts.map { try OCDBTDatabase(opening: directory.subdirectory($0.name)) })
  }

  private func compare(
    _ arrays: [String: StoreCorpus.Truth], _ directory: DirectoryHandle
  ) throws -> Int {
    let store = try store(directory)
    let all = try store.keys(under: [])
    #expect(all == all.sorted { $0.lexicographicallyPrecedes($1) })
    var count = 0
    for (name, truth) in arrays where try ZarrArray.exists(name, in: store) {
      let array = try ZarrArray(opening: name, in: store, missingChunks: .areFill)
      #expect(array.dtype.rawValue == truth.dtype, "\(name)")
      #expect(array.shape.dimensions == truth.shape, "\(name)")
      let whole = try array.load().bytes
      #expect(
        SHA256.hex(StoreCorpus.hashed(whole, array.dtype)) == truth.sha256, "\(name)")
      // Pieces of an odd size give the same bytes.
      var pieces: [UInt8] = []
      try array.forEachPiece(ofAtMost: 37) { piece in
        pieces += piece.copied
      }
      #expect(pieces == whole, "\(name)")
      count += 1
    }
    return count
  }
}
