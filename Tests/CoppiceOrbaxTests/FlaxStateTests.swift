import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import Testing

@testable import CoppiceFlax

/// MessagePack files that Flax wrote, and damaged ones.
@Suite(.enabled(if: !CorpusCase.all.isEmpty, "the corpus is not beside the package"))
struct FlaxStateTests {
  @Test(arguments: CorpusCase.all.filter { $0.layout == "flax-msgpack" })
  func agreesWithTheCorpus(_ sample: CorpusCase) throws {
    var comparison = CorpusComparison()
    do {
      let file = try InputFile(opening: try sample.path())
      let document = try MsgpackDocument(reading: file, file: file.name, limits: .standard)
      let tree = try FlaxTreeReader(document, limits: .standard).tree(of: document.root)
      try comparison.compareTree(sample.expected["root"]?["tree"], tree, "")
    } catch let error as CoppiceError {
      #expect(["error", "errorOptional", "mayRefuse"].contains { sample.isSet($0) }, "\(error)")
      #expect(error.code.isInputFault, "\(error)")
      return
    }
    if sample.isSet("error") {
      #expect(sample.isSet("errorOptional"), "\(sample.expected["why"]?.json as Any)")
    } else {
      #expect(comparison.differences.isEmpty, "\(comparison.differences.joined(separator: "\n"))")
    }
  }
}
