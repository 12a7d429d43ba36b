import CoppiceDigest
import CoppiceModel
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

struct CorpusTests {
  @Test(arguments: Corpus.cases("safetensors"))
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
      if let digest = array.sha256 { #expect(SHA256.hex(bytes) == digest, "\(name)") }
      if let digest = array.packedSha256 {
        let packed = stride(from: 0, to: bytes.count, by: 2).map {
          bytes[$0] | bytes[$0 + 1] << 4
        }
        #expect(SHA256.hex(packed) == digest, "\(name)")
      }
    }
    for (key, value) in expected.customMetadata ?? [:] {
      #expect(contents.custom?[key] == .string(value))
    }
  }

  @Test func findsTheCases() {
    #expect(Corpus.cases("safetensors").count >= 6)
    #expect(Corpus.cases("damaged", "safetensors-").count >= 21)
  }

  @Test(arguments: Corpus.cases("damaged", "safetensors-"))
  func refusesDamagedFiles(_ name: String) throws {
    let error = #expect(throws: CoppiceError.self) { try open(Corpus.input(name)).whole() }
    #expect(error?.code.rawValue == (try Corpus.code(name)), "\(error?.description ?? "read")")
    #expect(error?.location.file != nil)
  }
}
