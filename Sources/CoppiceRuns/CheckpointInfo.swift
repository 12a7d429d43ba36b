public import CoppiceModel

/// The description of one step of a run, available without opening its arrays.
///
/// For checkpoints of other formats, everything but the step and the name is read on first use and
/// then kept.
public struct CheckpointInfo: Sendable {
  /// The number of the step.
  public let step: Int

  /// The name of the step's directory or file inside the run.
  public let name: String

  private let record: StepRecord

  init(step: Int, name: String, record: StepRecord) {
    self.step = step
    self.name = name
    self.record = record
  }

  /// Makes a description of a step, for example to test a policy.
  public init(
    step: Int, name: String? = nil, metrics: JSON? = nil, custom: JSON? = nil,
    initTime: Timestamp? = nil, commitTime: Timestamp? = nil
  ) {
    let metadata = StepMetadata(
      metrics: metrics, custom: custom, initTime: initTime, commitTime: commitTime)
    self.init(step: step, name: name ?? String(step), record: StepRecord(metadata))
  }

  /// The metrics recorded with the step: a JSON object.
  public var metrics: JSON? { record.metadata?.metrics }

  /// The user's own metadata of the step: a JSON object.
  public var custom: JSON? { record.metadata?.custom }

  /// The time when saving began, if recorded.
  public var initTime: Timestamp? { record.metadata?.initTime }

  /// The time when the save was committed, if recorded.
  public var commitTime: Timestamp? { record.metadata?.commitTime }

  /// The fault of the step, if it has one.
  ///
  /// A step is faulty when its root document can't be read, when a file that the document names is
  /// missing or has another size, or when loading the step has found damage. A faulty step is
  /// listed, but it is never the latest or the best, and no policy deletes it.
  public var fault: CoppiceError? { record.fault }

  /// Returns whether two descriptions are of the same save, and were read at the same time.
  func isSame(as other: CheckpointInfo) -> Bool { record === other.record }

  /// Records a fault that was found while loading the step.
  func note(_ fault: CoppiceError) { record.note(fault) }

  /// The time that policies use: the time of the commit, or else of the beginning.
  var time: Timestamp? { commitTime ?? initTime }
}

extension CheckpointInfo: Hashable {
  /// Returns whether two descriptions have the same step and name.
  public static func == (left: CheckpointInfo, right: CheckpointInfo) -> Bool {
    left.step == right.step && left.name.utf8.elementsEqual(right.name.utf8)
  }

  /// Hashes the step.
  public func hash(into hasher: inout Hasher) { hasher.combine(step) }
}

extension CheckpointInfo: CustomStringConvertible {
  /// The step as text: `step 7`, or `step 7 ("checkpoint_7")`.
  public var description: String {
    name == String(step) ? "step \(step)" : "step \(step) (\"\(name.printable)\")"
  }
}
