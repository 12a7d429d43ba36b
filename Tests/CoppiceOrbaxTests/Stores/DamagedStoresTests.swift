import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import Testing

@testable import CoppiceOrbax

/// The corpus's damaged stores: each is refused, with the code that says why.
@Suite struct DamagedStoresTests {
  typealias Code = CoppiceError.Code

  static let codes: [(name: String, codes: Set<Code>)] = [
    ("dmg-absurd-chunk-a", [.zarrTooLarge, .zarrMalformed]),
    ("dmg-absurd-shape-a", [.zarrTooLarge, .zarrMissingChunk]),
    ("dmg-bad-zarr-json-a", [.jsonSyntax, .jsonEncoding, .jsonNumberRange]),
    ("dmg-empty-manifest-a", [.ocdbtMalformed]),
    ("dmg-files-absurd-shape-a", [.zarrTooLarge, .zarrMissingChunk]),
    ("dmg-files-bomb-a", [.zarrChunkSize]),
    ("dmg-files-missing-chunk-a", [.zarrMissingChunk]),
    ("dmg-files-negative-shape-a", [.jsonNumberRange, .zarrMalformed]),
    ("dmg-files-trailing-a", [.zarrChunkSize]),
    ("dmg-files-truncated-chunk-a", [Code(rawValue: "compression.truncated")]),
    ("dmg-flip-data-a", [.zarrShardIndex, Code(rawValue: "compression.damaged")]),
    ("dmg-flip-manifest-a", [.ocdbtChecksum]),
    ("dmg-flip-node-a", [.ocdbtChecksum]),
    ("dmg-manifest-crc-a", [.ocdbtChecksum]),
    ("dmg-missing-chunk-a", [.zarrMissingChunk]),
    ("dmg-missing-d-a", [.fileMissing]),
    ("dmg-ocdbt-bomb-a", [.ocdbtTooLarge]),
    ("dmg-ocdbt-fuzz0-a", [.ocdbtMalformed]),
    ("dmg-ocdbt-fuzz3-a", [.ocdbtMalformed]),
    ("dmg-ocdbt-length-a", [.ocdbtMalformed]),
    ("dmg-ocdbt-traversal-a", [.fileOutside]),
    ("dmg-ocdbt-version-a", [.ocdbtVersion]),
    ("dmg-shape-mismatch-a", [.zarrShardIndex, .zarrChunkSize]),
    ("dmg-truncated-data-a", [.ocdbtTruncated]),
    ("dmg-unknown-codec-a", [.zarrUnknownCodec, .zarrUnknownDtype]),
    ("old-0.1.6-ocdbt-a", [.ocdbtVersion]),
  ]

  @Test(.enabled(if: StoreCorpus.root != nil), arguments: codes)
  func refusesDamage(_ name: String, _ codes: Set<Code>) throws {
    let error = #expect(throws: CoppiceError.self) { try Self.readEverything(name) }
    let code = try #require(error?.code)
    #expect(codes.contains(code), "\(error?.description ?? "")")
    #expect(code.isInputFault)
  }

  @Test(
    .enabled(if: StoreCorpus.root != nil),
    arguments: StoreCorpus.cases(["dmg-ocdbt-fuzz", "dmg-missing-process-d"]))
  func neverTrapsOnDamage(_ name: String) throws {
    do { try Self.readEverything(name) } catch is CoppiceError {}
  }

  /// Reads every array of a case's store, in pieces.
  static func readEverything(_ name: String) throws {
    let truth = try StoreCorpus.truth(name)
    var directory = try StoreCorpus.directory(name)
      .subdirectory(try #require(truth["path"]).string())
    if try directory.hasDirectory("state") { directory = try directory.subdirectory("state") }
    let store: any KeyValueStore =
      try directory.hasFile(OCDBTDatabase.manifestName)
      ? OCDBTDatabase(opening: directory) : DirectoryStore(directory)
    for key in try store.keys(under: []) {
      let text = String(decoding: key, as: UTF8.self)
      for suffix in ["/zarr.json", "/.zarray"] where text.hasSuffix(suffix) {
        let array = try ZarrArray(
          opening: String(text.dropLast(suffix.utf8.count)), in: store, missingChunks: .areErrors)
        try array.forEachPiece(ofAtMost: 1 << 16) { _ in }
      }
    }
  }
}
