public import CoppiceModel

/// The outcome of saving a step.
///
/// The compiler warns where it isn't looked at. A loop that leaves no step out calls `get()`.
public enum SaveResult: Hashable, Sendable {
  /// The step is there for good; what is known of it.
  case saved(CheckpointInfo)
  /// The policy leaves the step out: nothing was written.
  case skipped(SkipReason)

  /// Gives what is known of the saved step.
  ///
  /// - Throws: `operation.skipped` when the policy leaves the step out.
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
/// The compiler warns where it isn't looked at. A loop that leaves no step out calls `get()`.
public enum SaveStart: Sendable {
  /// The save has begun; its handle.
  case started(StepSave)
  /// The policy leaves the step out: nothing will be written.
  case skipped(SkipReason)

  /// Gives the handle of the save.
  ///
  /// - Throws: `operation.skipped` when the policy leaves the step out.
  @discardableResult
  public func get() throws(CoppiceError) -> StepSave {
    switch self {
    case .started(let save): return save
    case .skipped(let reason): throw reason.error
    }
  }
}

/// The reason why a policy left a step out.
public struct SkipReason: Hashable, Sendable, CustomStringConvertible {
  /// The step that was left out.
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
