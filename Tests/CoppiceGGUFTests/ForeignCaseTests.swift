import CoppiceDigest
import CoppiceGGUF
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Files of the real library have the values that the truth was computed from.
struct ForeignCaseTests {
  @Test func findsTheCases() {
    #expect(ForeignCase.all("gguf").count >= 10)
    #expect(ForeignCase.all("damaged", "gguf-").count >= 30)
  }

  private func compare(_ contents: CheckpointContents, _ expected: ForeignCase.Truth.Item) throws {
    let leaves = contents.leaves
    let truth = expected.tree.dict ?? [:]
    #expect(Set(leaves.keys) == Set(truth.keys))
    for (name, node) in truth {
      let (leaf, array) = (try #require(leaves[name]), node.array)
      #expect(try leaf.metadata.dtype.rawValue == array.dtype, "\(name)")
      #expect(try leaf.metadata.shape.dimensions == array.shape, "\(name)")
      #expect(SHA256.hex(try leaf.source.load().bytes) == array.sha256, "\(name)")
      // Pieces that end inside blocks, and pieces of several blocks.
      for limit in [7, 1000, 5000] {
        var bytes: [UInt8] = []
        try leaf.source.forEachPiece(ofAtMost: limit) { (piece) throws(CoppiceError) in
          bytes += piece.copied
        }
        #expect(SHA256.hex(bytes) == array.sha256, "\(name) in pieces of \(limit)")
      }
    }
  }

  @Test(arguments: ForeignCase.all("gguf"))
  func readsWhatTheLibraryWrote(_ foreign: ForeignCase) throws {
    let contents = try foreign.open()
    try compare(contents, try #require(try foreign.truth.root))
    let warnings = Set(contents.warnings.map(\.code.rawValue))
    #expect(warnings == Set(try foreign.declaration.warnings ?? []))
  }

  @Test(arguments: ForeignCase.all("gguf", "quantized"))
  func decodesAsTheLibraryDoes(_ foreign: ForeignCase) throws {
    try compare(
      try foreign.open(dequantizes: true), try #require(try foreign.truth.dequantized))
  }

  @Test(arguments: ForeignCase.all("gguf", "quantized"))
  func elementsByThemselvesAreThoseOfTheWhole(_ foreign: ForeignCase) throws {
    for (name, leaf) in try foreign.open(dequantizes: true).leaves {
      let source = try leaf.source
      #expect(try source.scatteredHex == source.hex, "\(name)")
    }
  }

  @Test(arguments: ForeignCase.all("damaged", "gguf-"))
  func refusesDamagedFiles(_ foreign: ForeignCase) throws {
    let error = #expect(throws: CoppiceError.self) { try foreign.open().whole() }
    #expect(error?.code.rawValue == (try foreign.declaration.error?.code))
  }
}
