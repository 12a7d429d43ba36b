public import CoppiceModel

// Faults of checkpoints that can't be read.
extension CoppiceError.Code {
  /// The directory is no Orbax checkpoint.
  public static let orbaxUnrecognized = Self(rawValue: "orbax.unrecognized")
  /// A save that was interrupted, or a partial save that was never finalised.
  public static let orbaxIncomplete = Self(rawValue: "orbax.incomplete")
  /// A V1 checkpoint without `_CHECKPOINT_METADATA`.
  public static let orbaxCheckpointMetadata = Self(rawValue: "orbax.missing-checkpoint-metadata")
  /// A checkpoint, or a run, with nothing in it.
  public static let orbaxEmpty = Self(rawValue: "orbax.empty")
  /// A tree whose structure is lost: there is neither `_METADATA` nor a msgpack file.
  public static let orbaxMissingMetadata = Self(rawValue: "orbax.missing-metadata")
  /// `_METADATA` contradicts itself.
  public static let orbaxStructure = Self(rawValue: "orbax.structure")
  /// `_METADATA` says that the arrays are in an OCDBT database, which isn't there.
  public static let orbaxMissingManifest = Self(rawValue: "orbax.missing-manifest")
  /// An array that the structure names isn't stored.
  public static let orbaxMissingArray = Self(rawValue: "orbax.missing-array")
  /// A string that the structure names isn't stored.
  public static let orbaxMissingString = Self(rawValue: "orbax.missing-string")
  /// A value that should be in the msgpack file isn't there.
  public static let orbaxMissingValue = Self(rawValue: "orbax.missing-value")
  /// A Python number that isn't one element of a number type.
  public static let orbaxScalar = Self(rawValue: "orbax.scalar")
  /// A JSON item without its file.
  public static let orbaxMissingJSON = Self(rawValue: "orbax.missing-json")
  /// An item whose deletion began and did not finish; also the warning that it is left out.
  public static let orbaxDeletion = Self(rawValue: "orbax.deletion")
  /// More leaves, levels or key bytes than a reader takes.
  public static let orbaxLimit = Self(rawValue: "orbax.limit")
}

// Oddities that are tolerated: these come as warnings.
extension CoppiceError.Code {
  /// There is no `commit_success.txt` where one could be.
  public static let orbaxNoCommitMarker = Self(rawValue: "orbax.no-commit-marker")
  /// A listed item has no directory.
  public static let orbaxItemAbsent = Self(rawValue: "orbax.item-absent")
  /// A directory that the checkpoint doesn't list was passed over.
  public static let orbaxUnlisted = Self(rawValue: "orbax.unlisted-directory")
  /// The temporary directories of an interrupted save were passed over.
  public static let orbaxTemporary = Self(rawValue: "orbax.temporary-directory")
  /// The databases of the single processes were read, because they were never merged.
  public static let orbaxUnmerged = Self(rawValue: "orbax.unmerged")
  /// The structure was rebuilt from the arrays' names.
  public static let orbaxNamesOnly = Self(rawValue: "orbax.structure-from-names")
  /// Container types are recorded, but contradict the structure.
  public static let orbaxRichTypes = Self(rawValue: "orbax.rich-types-ignored")
  /// Sharding is recorded, but can't be understood.
  public static let orbaxSharding = Self(rawValue: "orbax.sharding-ignored")
  /// Metadata that can't be carried over.
  public static let orbaxMetadataDropped = Self(rawValue: "orbax.metadata-dropped")
}

// Faults that keep a checkpoint from becoming one of Orbax's.
extension CoppiceError.Code {
  /// Two leaves would be stored under one name.
  public static let orbaxNameCollision = Self(rawValue: "orbax.name-collision")
  /// A name that can't be a directory's.
  public static let orbaxUnwritableName = Self(rawValue: "orbax.unwritable-name")
}
