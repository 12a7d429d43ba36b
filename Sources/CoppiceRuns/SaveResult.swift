public import CoppiceModel

/// The outcome of saving a step.
///
/// The compiler warns about an unused result. A loop whose policy never skips a step calls `get()`.
public enum SaveResult: Hashable, Sendable {
  /// The step is committed; its description.
  case saved(CheckpointInfo)
  /// The policy skipped the step: nothing was written.
  case skipped(SkipReason)

  /// Returns the description of the saved step.
  ///
  /// - Throws: `operation.skipped` when the policy skipped the step.
  @discardableResult
  public func get() throws(CoppiceError) -> CheckpointInfo {
    switch self {
    case .saved(let info): return info
    case .skipped(let reason): throw reason.error
    }
  }
}

/// The outcome of beginning to save a step.
///
/// The compiler warns about an unused result. A loop whose policy never skips a step calls `get()`.
public enum SaveStart: Sendable {
  /// The save has begun; its handle.
  case started(StepSave)
  /// The policy skipped the step: nothing will be written.
  case skipped(SkipReason)

  /// Returns the handle of the save.
  ///
  /// - Throws: `operation.skipped` when the policy skipped the step.
  @discardableResult
  public func get() throws(CoppiceError) -> StepSave {
    switch self {
    case .started(let save): return save
    case .skipped(let reason): throw reason.error
    }
  }
}

/// The reason why a policy skipped a step.
public struct SkipReason: Hashable, Sendable, CustomStringConvertible {
  /// The number of the skipped step.
  public let step: Int

  /// The policy in words.
  public let policy: String

  /// Whether a save was going on when the policy was asked.
  public let isSaving: Bool

  /// The reason in words, for logs.
  public var description: String {
    "step \(step) is left out by the policy \"\(policy)\""
      + (isSaving ? ", asked while a save was going on" : "")
  }

  var error: CoppiceError {
    CoppiceError(
      .operationSkipped, "\(self); force it, or choose a policy that saves it (.always)")
  }
}
