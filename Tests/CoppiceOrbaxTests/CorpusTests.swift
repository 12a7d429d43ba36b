import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceOrbax
import Testing

/// Checkpoints of real Orbax versions hold what these had been given; damage is refused.
struct CorpusTests {
  @Test(arguments: CorpusCase.orbax) func agreesWithTheCorpus(_ sample: CorpusCase) throws {
    // Copies of the corpus may lack empty directories.
    guard let directory = try? sample.directory() else {
      #expect(sample.isSet("error"))
      return
    }
    var comparison = CorpusComparison()
    do {
      #expect(try OrbaxCheckpoint.recognizes(directory) || sample.isSet("error"))
      switch try OrbaxCheckpoint.open(directory, limits: .standard) {
      case .checkpoint(let contents): try comparison.compare(sample.expected, contents)
      case .steps(let steps): try comparison.compare(sample.expected, steps)
      }
    } catch let error as CoppiceError {
      let mayFail = ["error", "errorOptional", "mayRefuse"].contains { sample.isSet($0) }
      #expect(mayFail, "unexpected error: \(error)")
      #expect(error.code.isInputFault, "the input is to blame: \(error)")
      return
    }
    if sample.isSet("error") {
      #expect(
        sample.isSet("errorOptional"), "no error, though: \(sample.expected["why"]?.json as Any)")
    } else {
      #expect(comparison.differences.isEmpty, "\(comparison.differences.joined(separator: "\n"))")
    }
  }

  /// All but stores of zarr, as which a checkpoint without its documents looks: their reader is asked before.
  @Test(
    arguments: CorpusCase.all.filter { !$0.layout.hasPrefix("orbax-") && $0.layout != "zarr-group" }
  )
  func leavesOtherFormatsToTheirReaders(_ sample: CorpusCase) throws {
    guard let directory = try? sample.directory() else { return }
    #expect(try !OrbaxCheckpoint.recognizes(directory))
  }

  @Test func coversTheCorpus() {
    #expect(CorpusCase.orbax.count >= 118)
  }
}
