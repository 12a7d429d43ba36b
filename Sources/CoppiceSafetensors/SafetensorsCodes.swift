package import CoppiceModel

extension CoppiceError.Code {
  /// The file ends before its header does, or has no header at all.
  package static let safetensorsTruncatedHeader = Self(rawValue: "safetensors.truncated-header")
  /// The header is longer than the format allows.
  package static let safetensorsHeaderTooLarge = Self(rawValue: "safetensors.header-too-large")
  /// The header doesn't begin with `{`.
  package static let safetensorsHeaderStart = Self(rawValue: "safetensors.header-start")
  /// The header is not UTF-8.
  package static let safetensorsHeaderEncoding = Self(rawValue: "safetensors.header-encoding")
  /// The header is not JSON.
  package static let safetensorsHeaderJSON = Self(rawValue: "safetensors.header-json")
  /// `__metadata__` is not an object of strings.
  package static let safetensorsMetadata = Self(rawValue: "safetensors.metadata")
  /// A tensor's description lacks a member, or a member is of the wrong kind.
  package static let safetensorsTensorInfo = Self(rawValue: "safetensors.tensor-info")
  /// Two tensors have one name.
  package static let safetensorsDuplicateName = Self(rawValue: "safetensors.duplicate-name")
  /// An element type that the format doesn't define.
  package static let safetensorsUnknownDType = Self(rawValue: "safetensors.unknown-dtype")
  /// An element type that the format defines and nothing here can hold.
  package static let safetensorsUnsupportedDType = Self(rawValue: "safetensors.unsupported-dtype")
  /// The size of a tensor overflows.
  package static let safetensorsShapeOverflow = Self(rawValue: "safetensors.shape-overflow")
  /// A tensor's range has another size than its shape and type.
  package static let safetensorsSizeMismatch = Self(rawValue: "safetensors.size-mismatch")
  /// A tensor's range ends before it begins.
  package static let safetensorsOffsetOrder = Self(rawValue: "safetensors.offset-order")
  /// Bytes between two tensors belong to none.
  package static let safetensorsHole = Self(rawValue: "safetensors.hole")
  /// Two tensors share bytes.
  package static let safetensorsOverlap = Self(rawValue: "safetensors.overlap")
  /// The file ends before its last tensor does.
  package static let safetensorsTruncatedData = Self(rawValue: "safetensors.truncated-data")
  /// Bytes follow the last tensor.
  package static let safetensorsTrailingData = Self(rawValue: "safetensors.trailing-data")
  /// The file is larger than the limits for readers allow: tensors, dimensions, lengths of names.
  package static let safetensorsLimit = Self(rawValue: "safetensors.limit")

  /// The index of a set is not what it must be.
  package static let safetensorsIndex = Self(rawValue: "safetensors.index")
  /// A directory has several indexes, and none is the usual one.
  package static let safetensorsSeveralIndexes = Self(rawValue: "safetensors.several-indexes")
  /// A directory has neither an index nor a safetensors file.
  package static let safetensorsNoFile = Self(rawValue: "safetensors.no-file")
  /// The index names a tensor that is not in the file it names.
  package static let safetensorsMissingTensor = Self(rawValue: "safetensors.missing-tensor")
  /// A file of a set holds tensors that the index gives to no file, or to another one.
  package static let safetensorsUnmappedTensor = Self(rawValue: "safetensors.unmapped-tensor")
  /// A file beside the index that is no part of the set.
  package static let safetensorsUnlistedFile = Self(rawValue: "safetensors.unlisted-file")
  /// Several files without an index, read as one.
  package static let safetensorsNoIndex = Self(rawValue: "safetensors.no-index")
  /// The files of a set disagree on a metadata value.
  package static let safetensorsMetadataDiffers = Self(rawValue: "safetensors.metadata-differs")

  /// Two arrays of a tree would have one name.
  package static let safetensorsNameCollision = Self(rawValue: "safetensors.name-collision")
  /// An array would have the name that the format keeps for metadata.
  package static let safetensorsReservedName = Self(rawValue: "safetensors.reserved-name")
}
