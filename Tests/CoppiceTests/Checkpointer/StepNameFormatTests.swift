import Coppice
import Testing

/// Names of steps: as Orbax and Flax have them, and our own rules.
struct StepNameFormatTests {
  private typealias Vectors = PreservationPolicyTests

  @Test(arguments: PreservationPolicyTests.lines(PolicyVectors.names))
  func standardNamesAreOrbaxs(_ line: String) {
    let fields = Vectors.fields(line)
    let words = fields[0].split(separator: " ").map { String($0) }
    let format = StepNameFormat.standard(
      prefix: words[0] == "-" ? nil : words[0], digits: Int(words[1]))
    #expect([0, 7, 123_456].map(format.name).joined(separator: " ") == fields[1])
    let read = Vectors.lines(PolicyVectors.candidates).compactMap { name in
      format.step(in: name).map { "\(name)=\($0)" }
    }
    #expect(read.sorted().joined(separator: " ") == fields[2])
  }

  @Test(arguments: PreservationPolicyTests.lines(PolicyVectors.sorted))
  func naturalOrderIsFlaxs(_ line: String) {
    let names = line.split(separator: " ").map { String($0) }
    // The sort is stable, so that names of equal value stay as the line has them.
    #expect(NaturalOrder.sorted(names) == names)
    let turned = NaturalOrder.sorted(names.reversed())
    #expect(NaturalOrder.sorted(turned + names).count == 2 * names.count)
    if !line.contains("099"), !line.contains("+3"), !line.contains("a-1") {
      #expect(turned == names)
    }
  }

  @Test func compositeWritesOneAndReadsSeveral() {
    let format = StepNameFormat.composite(
      writing: .standard(prefix: "step", digits: 4), reading: [.flax(), .standard()])
    #expect(format.name(of: 12) == "step_0012")
    #expect(format.step(in: "step_0012") == 12)
    #expect(format.step(in: "checkpoint_12") == 12)
    #expect(format.step(in: "12") == 12)
    #expect(format.step(in: "step_12") == nil)
  }

  @Test func anyReadsAllThatTheFormatKnows() {
    #expect(StepNameFormat.any.name(of: 12) == "12")
    #expect(["12", "0012", "a_b_012"].map(StepNameFormat.any.step) == [12, 12, 12])
    #expect(StepNameFormat.any.step(in: "step12") == nil)
  }

  @Test func ownFormats() {
    let epochs = StepNameFormat(
      name: { "epoch\($0 / 100)_\($0)" },
      step: { $0.split(separator: "_").last.flatMap { Int($0) } })
    #expect(epochs.name(of: 250) == "epoch2_250")
    #expect(epochs.step(in: "epoch2_250") == 250)
  }
}
