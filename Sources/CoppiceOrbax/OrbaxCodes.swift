package import CoppiceModel

// Faults that make a checkpoint unreadable.
extension CoppiceError.Code {
  /// The directory is no Orbax checkpoint.
  package static let orbaxUnrecognized = Self(rawValue: "orbax.unrecognized")
  /// A save that was interrupted, or a partial save that was never finalised.
  package static let orbaxIncomplete = Self(rawValue: "orbax.incomplete")
  /// A V1 checkpoint without `_CHECKPOINT_METADATA`.
  package static let orbaxCheckpointMetadata = Self(rawValue: "orbax.missing-checkpoint-metadata")
  /// A checkpoint, or a run, with nothing in it.
  package static let orbaxEmpty = Self(rawValue: "orbax.empty")
  /// A tree whose structure is lost: there is neither `_METADATA` nor a msgpack file.
  package static let orbaxMissingMetadata = Self(rawValue: "orbax.missing-metadata")
  /// `_METADATA` contradicts itself.
  package static let orbaxStructure = Self(rawValue: "orbax.structure")
  /// `_METADATA` says that the arrays are in an OCDBT database, which isn't there.
  package static let orbaxMissingManifest = Self(rawValue: "orbax.missing-manifest")
  /// An array that the structure names isn't stored.
  package static let orbaxMissingArray = Self(rawValue: "orbax.missing-array")
  /// A string that the structure names isn't stored.
  package static let orbaxMissingString = Self(rawValue: "orbax.missing-string")
  /// A value that should be in the msgpack file isn't there.
  package static let orbaxMissingValue = Self(rawValue: "orbax.missing-value")
  /// A Python number that isn't one element of a number type.
  package static let orbaxScalar = Self(rawValue: "orbax.scalar")
  /// A JSON item without its file.
  package static let orbaxMissingJSON = Self(rawValue: "orbax.missing-json")
  /// An item whose deletion began and did not finish; also the warning that it is left out.
  package static let orbaxDeletion = Self(rawValue: "orbax.deletion")
  /// More leaves, levels or key bytes than a reader takes.
  package static let orbaxLimit = Self(rawValue: "orbax.limit")
}

// Faults that are tolerated; each is a warning.
extension CoppiceError.Code {
  /// There is no `commit_success.txt` where one could be.
  package static let orbaxNoCommitMarker = Self(rawValue: "orbax.no-commit-marker")
  /// A listed item has no directory.
  package static let orbaxItemAbsent = Self(rawValue: "orbax.item-absent")
  /// A directory that the checkpoint doesn't list was passed over.
  package static let orbaxUnlisted = Self(rawValue: "orbax.unlisted-directory")
  /// The temporary directories of an interrupted save were passed over.
  package static let orbaxTemporary = Self(rawValue: "orbax.temporary-directory")
  /// The databases of the single processes were read, because they were never merged.
  package static let orbaxUnmerged = Self(rawValue: "orbax.unmerged")
  /// The structure was rebuilt from the arrays' names.
  package static let orbaxNamesOnly = Self(rawValue: "orbax.structure-from-names")
  /// Container types are recorded, but contradict the structure.
  package static let orbaxRichTypes = Self(rawValue: "orbax.rich-types-ignored")
  /// Sharding is recorded, but can't be understood.
  package static let orbaxSharding = Self(rawValue: "orbax.sharding-ignored")
  /// Metadata that can't be carried over.
  package static let orbaxMetadataDropped = Self(rawValue: "orbax.metadata-dropped")
}

// Reasons why a checkpoint can't be written as one of Orbax's.
extension CoppiceError.Code {
  /// Two leaves would be stored under one name.
  package static let orbaxNameCollision = Self(rawValue: "orbax.name-collision")
  /// A name that can't be a directory's.
  package static let orbaxUnwritableName = Self(rawValue: "orbax.unwritable-name")
  /// One of several trees must be chosen.
  package static let orbaxOneTree = Self(rawValue: "usage.one-tree")
}
