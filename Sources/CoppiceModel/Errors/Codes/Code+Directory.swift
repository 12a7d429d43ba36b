// Faults of directories (chapter 2).
extension CoppiceError.Code {
  /// A path of a file list that isn't a plain relative path, or doesn't fit among the others.
  public static let directoryBadPath = Self(rawValue: "directory.bad-path")
  /// Two steps of one run have the same number.
  public static let directoryDuplicateStep = Self(rawValue: "directory.duplicate-step")
  /// A file of a present checkpointable is missing.
  public static let directoryFileMissing = Self(rawValue: "directory.file-missing")
  /// The whole directory of a checkpointable is missing.
  public static let directoryMissingCheckpointable = Self(
    rawValue: "directory.missing-checkpointable")
  /// Two names that some file systems can't tell apart.
  public static let directoryNameCollision = Self(rawValue: "directory.name-collision")
  /// A name too long for a directory.
  public static let directoryNameTooLong = Self(rawValue: "directory.name-too-long")
  /// The directory has no root document: it is not a checkpoint, or an unfinished one.
  public static let directoryNoRootDocument = Self(rawValue: "directory.no-root-document")
  /// A name that checkpointables may not have.
  public static let directoryReservedName = Self(rawValue: "directory.reserved-name")
  /// A checkpoint in a run whose name and number don't match.
  public static let directoryStepMismatch = Self(rawValue: "directory.step-mismatch")
  /// A file that no document mentions.
  public static let directoryUnknownFile = Self(rawValue: "directory.unknown-file")
}
