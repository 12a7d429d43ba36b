package import Coppice
package import CoppiceModel

/// The choices of a conversion.
package struct ConversionOptions: Sendable {
  /// What is written.
  package enum Target: String, CaseIterable, Sendable {
    case coppice, safetensors
  }

  package var target = Target.coppice
  package var transform = TransformOptions()
  package var writing = WriteOptions()
  /// The step of a run to convert alone.
  package var step: StepChoice?
  /// The most bytes of an output file, where the format can be split.
  package var maximumFileBytes: Int?

  package init() {}
}

/// Which step of a run is meant.
package enum StepChoice: Hashable, Sendable {
  case latest
  case number(Int)

  /// Finds the step.
  ///
  /// - Throws: `usage.no-such-part` with the numbers that there are.
  package func find(in steps: CheckpointSteps) throws(CoppiceError) -> CheckpointSteps.Step {
    let found: CheckpointSteps.Step? =
      switch self {
      case .latest: steps.steps.last
      case .number(let number): steps.steps.first { $0.number == number }
      }
    guard let found else {
      let last = steps.steps.suffix(20).map { String($0.number) }.joined(separator: ", ")
      let numbers = (steps.steps.count > 20 ? "…, " : "") + last
      throw CoppiceError(
        .usageNoSuchPart,
        steps.steps.isEmpty ? "the run has no steps" : "there is no such step; there are \(numbers)"
      )
    }
    return found
  }
}
