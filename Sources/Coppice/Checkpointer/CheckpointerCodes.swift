public import CoppiceModel

extension CoppiceError.Code {
  /// A step that can't have this number or this name, or that would go back in the run.
  public static let usageStep = Self(rawValue: "usage.step")
  /// Something was to be written that was opened for reading only.
  public static let usageReadOnly = Self(rawValue: "usage.read-only")
  /// A checkpointer was used after it was closed.
  public static let usageClosed = Self(rawValue: "usage.closed")
  /// The operation took longer than it was given, and was stopped.
  public static let operationTimedOut = Self(rawValue: "operation.timed-out")
  /// A step was to be saved, and the policy left it out.
  public static let operationSkipped = Self(rawValue: "operation.skipped")
  /// A closure of the program threw an error after a step was saved: it is the cause.
  public static let operationCallback = Self(rawValue: "operation.callback")
  /// A step was to be deleted while it is being read.
  public static let operationInUse = Self(rawValue: "operation.in-use")
}
