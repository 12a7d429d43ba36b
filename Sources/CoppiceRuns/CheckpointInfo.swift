public import CoppiceModel

/// What is known of one step of a run without opening its arrays.
///
/// For checkpoints of other formats all but step and name is read when it is first asked for, and
/// kept.
public struct CheckpointInfo: Sendable {
  /// The number of the step.
  public let step: Int

  /// The name of the step's directory or file inside the root.
  public let name: String

  private let record: StepRecord

  init(step: Int, name: String, record: StepRecord) {
    self.step = step
    self.name = name
    self.record = record
  }

  /// Makes a description of a step, such as one to try a policy with.
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

  /// When saving began, where recorded.
  public var initTime: Timestamp? { record.metadata?.initTime }

  /// When the save was committed, where recorded.
  public var commitTime: Timestamp? { record.metadata?.commitTime }

  /// What is wrong with the step: its root document can't be read, a file that this names is missing or
  /// of another size, or loading the step has found damage.
  ///
  /// A faulty step is listed, is never the latest or the best, and is never deleted by a policy.
  public var fault: CoppiceError? { record.fault }

  /// Notes a fault that was found while the step was loaded.
  func note(_ fault: CoppiceError) { record.note(fault) }

  /// The time that policies go by: that of the commit, else that of the beginning.
  var time: Timestamp? { commitTime ?? initTime }
}

extension CheckpointInfo: Hashable {
  /// Descriptions are equal when step and name are.
  public static func == (left: CheckpointInfo, right: CheckpointInfo) -> Bool {
    left.step == right.step && left.name.utf8.elementsEqual(right.name.utf8)
  }

  /// Feeds what equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(step) }
}

extension CheckpointInfo: CustomStringConvertible {
  /// `step 7` or `step 7 ("checkpoint_7")`.
  public var description: String {
    name == String(step) ? "step \(step)" : "step \(step) (\"\(name.printable)\")"
  }
}
