import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceZarr
import Testing

@testable import CoppiceOrbax

/// The damaged stores in `fixtures/foreign`: each is refused, with the code that says why.
@Suite struct DamagedStoresTests {
  typealias Code = CoppiceError.Code

  static let codes: [(name: String, codes: Set<Code>)] = [
    ("absurd-shape", [.zarrTooLarge, .zarrMissingChunk]),
    ("bad-zarr-json", [.jsonSyntax, .jsonEncoding, .jsonNumberRange]),
    ("files-bomb", [.zarrChunkSize]),
    ("files-missing-chunk", [.zarrMissingChunk]),
    ("files-trailing", [.zarrChunkSize]),
    ("files-truncated-chunk", [Code(rawValue: "compression.truncated")]),
    ("flip-data", [.zarrShardIndex, Code(rawValue: "compression.damaged")]),
    ("flip-node", [.ocdbtChecksum]),
    ("manifest-crc", [.ocdbtChecksum]),
    ("ocdbt-bomb", [.ocdbtTooLarge]),
    ("ocdbt-length", [.ocdbtMalformed]),
    ("ocdbt-traversal", [.fileOutside]),
    ("ocdbt-version", [.ocdbtVersion]),
    ("shape-mismatch", [.zarrShardIndex, .zarrChunkSize]),
    ("truncated-data", [.ocdbtTruncated]),
    ("unknown-codec", [.zarrUnknownCodec, .zarrUnknownDtype]),
    ("0.1.6-ocdbt", [.ocdbtVersion]),
  ]

  @Test(arguments: codes)
  func refusesDamage(_ name: String, _ codes: Set<Code>) throws {
    let error = #expect(throws: CoppiceError.self) {
      try Self.readEverything("damaged/orbax-" + name)
    }
    let code = try #require(error?.code)
    #expect(codes.contains(code), "\(error?.description ?? "")")
    #expect(code.isInputFault)
  }

  @Test(arguments: ["damaged/orbax-ocdbt-fuzz1", "damaged/orbax-missing-process-d"])
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
