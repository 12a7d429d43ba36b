import Coppice
import CoppiceInterop

/// The differences from another checkpoint.
struct ComparisonSection: ReportSection {
  let name = "comparison"
  let faults: [CoppiceError] = []

  private let other: String
  private let result: ComparisonResult
  private let differences: [Difference]

  /// Compares two checkpoints.
  ///
  /// - Throws: The errors of `Checkpoint.diff`.
  init(
    of address: String, with other: String, _ options: ReportOptions, _ monitor: OperationMonitor
  ) async throws(CoppiceError) {
    self.other = other
    var comparison = ComparisonOptions()
    comparison.comparesMetadata = true
    comparison.limit = options.differenceLimit
    comparison.stepA = options.step
    comparison.stepB = options.otherStep
    result = try await Checkpoint.diff(
      address, other, options: comparison, opening: options.opening, monitor: monitor)
    differences = result.differences.map { $0.reworded(options.words) }
  }

  var json: JSON {
    let list = differences.map { difference in
      JSON.array([
        .string(difference.kind.rawValue), .string(difference.place), .string(difference.message),
      ])
    }
    return .object([
      .init("other", .string(other)), .init("count", .integer(result.count)),
      .init("notCompared", .integer(result.notComparedCount)),
      .init("arrays", .integer(result.arrayCount)), .init("differences", .array(list)),
    ])
  }
}
