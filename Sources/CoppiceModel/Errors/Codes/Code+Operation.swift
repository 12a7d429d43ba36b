// Reasons why an operation wasn't done, with nothing wrong in the checkpoint. The tool exits with 2.
extension CoppiceError.Code {
  /// A rank of a group didn't come to an operation in time, or has ended: the message names it.
  public static let operationAbsentRank = Self(rawValue: "operation.absent-rank")
  /// A group was used after a rank was lost: the program has to be started again.
  public static let operationBrokenGroup = Self(rawValue: "operation.broken-group")
  /// A closure of the program threw an error after a step was saved: it is the cause.
  public static let operationCallback = Self(rawValue: "operation.callback")
  /// The operation was cancelled.
  public static let operationCancelled = Self(rawValue: "operation.cancelled")
  /// The target exists, and the caller didn't ask to replace it.
  public static let operationExists = Self(rawValue: "operation.exists")
  /// A step was to be deleted while it is being read.
  public static let operationInUse = Self(rawValue: "operation.in-use")
  /// The existing target isn't replaced, even by request: it is a run, another format's file,
  /// or something that Coppice could not have written.
  public static let operationNotReplaceable = Self(rawValue: "operation.not-replaceable")
  /// The program of another rank of a group ended with an error: it is in the message, and the cause if it is known.
  public static let operationRankFailed = Self(rawValue: "operation.rank-failed")
  /// A step was to be saved, and the policy left it out.
  public static let operationSkipped = Self(rawValue: "operation.skipped")
  /// The operation took longer than it was given, and was stopped.
  public static let operationTimedOut = Self(rawValue: "operation.timed-out")
  /// More messages arrived at a rank of a group than it keeps, and no call asks for them.
  public static let operationUnclaimedMessages = Self(rawValue: "operation.unclaimed-messages")
}
