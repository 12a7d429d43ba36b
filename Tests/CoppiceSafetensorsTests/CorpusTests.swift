import CoppiceModel
import Foundation
import SystemPackage
import Testing

@Suite(.enabled(if: !Corpus.cases(["safetensors-"]).isEmpty)) struct CorpusTests {
  @Test(arguments: Corpus.cases(["safetensors-"]))
  func readsWhatRealLibrariesWrote(_ name: String) throws {
    let expected = try Corpus.expected(name)
    let contents = try open(Corpus.input(name))
    #expect(contents.warnings.isEmpty)
    let arrays = try #require(expected.root).tree.dict.mapValues(\.array)
    #expect(contents.entries.count == arrays.count)
    for (name, leaf) in contents.entries {
      let array = try #require(arrays[name], "\(name)")
      #expect(try leaf.metadata.dtype.rawValue == array.dtype, "\(name)")
      #expect(try leaf.metadata.shape.dimensions == array.shape, "\(name)")
      let bytes = try leaf.source.loaded
      if let digest = array.sha256 { #expect(sha256(bytes) == digest, "\(name)") }
      if let digest = array.packedSha256 {
        let packed = stride(from: 0, to: bytes.count, by: 2).map {
          bytes[$0] | bytes[$0 + 1] << 4
        }
        #expect(sha256(packed) == digest, "\(name)")
      }
    }
    for (key, value) in expected.customMetadata ?? [:] {
      #expect(contents.custom?[key] == .string(value))
    }
  }

  /// The code that each damaged case is refused with.
  static let codes = [
    "bad-json": "safetensors.header-json",
    "bad-utf8": "safetensors.header-encoding",
    "deep-json": "safetensors.header-json",
    "dup-keys": "safetensors.duplicate-name",
    "empty": "safetensors.truncated-header",
    "float-shape": "safetensors.tensor-info",
    "header-too-long": "safetensors.truncated-header",
    "hole": "safetensors.hole",
    "huge-header": "safetensors.header-too-large",
    "metadata-type": "safetensors.metadata",
    "negative": "safetensors.tensor-info",
    "not-brace": "safetensors.header-start",
    "offset-order": "safetensors.offset-order",
    "overlap": "safetensors.overlap",
    "shape-mismatch": "safetensors.size-mismatch",
    "shape-overflow": "safetensors.shape-overflow",
    "trailing": "safetensors.trailing-data",
    "truncated-data": "safetensors.truncated-data",
    "truncated-header": "safetensors.truncated-header",
    "unknown-dtype": "safetensors.unknown-dtype",
    "sharded-bad-index": "safetensors.index",
    "sharded-missing-shard": "file.missing",
    "sharded-missing-tensor": "safetensors.missing-tensor",
    "sharded-traversal": "file.outside",
  ]

  @Test(arguments: Corpus.cases(["dmg-safetensors-", "dmg-sharded-"]))
  func refusesDamagedFiles(_ name: String) throws {
    let expected = try Corpus.expected(name)
    #expect(expected.error == true)
    let error = #expect(throws: CoppiceError.self) { try open(Corpus.input(name)).whole() }
    let parts = name.split(separator: "-").dropFirst().dropLast()
    let fault = (parts.first == "safetensors" ? parts.dropFirst() : parts).joined(separator: "-")
    #expect(error?.code.rawValue == Self.codes[fault], "\(name): \(error?.description ?? "read")")
    #expect(error?.location.file != nil)
  }
}
