package import CoppiceModel

extension CoppiceError.Code {
  /// The directory has no root document: it is not a checkpoint, or an unfinished one.
  package static let directoryNoRootDocument = Self(rawValue: "directory.no-root-document")
  /// A file of a present checkpointable is missing.
  package static let directoryFileMissing = Self(rawValue: "directory.file-missing")
  /// The whole directory of a checkpointable is missing.
  package static let directoryMissingCheckpointable = Self(
    rawValue: "directory.missing-checkpointable")
  /// A file that no document mentions.
  package static let directoryUnknownFile = Self(rawValue: "directory.unknown-file")
  /// A name that checkpointables may not have.
  package static let directoryReservedName = Self(rawValue: "directory.reserved-name")
  /// A name too long for a directory.
  package static let directoryNameTooLong = Self(rawValue: "directory.name-too-long")
  /// Two names that some file systems can't tell apart.
  package static let directoryNameCollision = Self(rawValue: "directory.name-collision")
  /// A path of a file list that isn't a plain relative path, or doesn't fit among the others.
  package static let directoryBadPath = Self(rawValue: "directory.bad-path")
  /// A checkpoint in a run whose name and number don't match.
  package static let directoryStepMismatch = Self(rawValue: "directory.step-mismatch")
  /// Two steps of one run have the same number.
  package static let directoryDuplicateStep = Self(rawValue: "directory.duplicate-step")
  /// No checkpointable has the requested name.
  package static let directoryNoSuchName = Self(rawValue: "directory.no-such-name")
}
