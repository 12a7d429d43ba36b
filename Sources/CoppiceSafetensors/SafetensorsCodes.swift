public import CoppiceModel

extension CoppiceError.Code {
  /// The file ends before its header does, or has no header at all.
  public static let safetensorsTruncatedHeader = Self(rawValue: "safetensors.truncated-header")
  /// The header is longer than the format allows.
  public static let safetensorsHeaderTooLarge = Self(rawValue: "safetensors.header-too-large")
  /// The header doesn't begin with `{`.
  public static let safetensorsHeaderStart = Self(rawValue: "safetensors.header-start")
  /// The header is not UTF-8.
  public static let safetensorsHeaderEncoding = Self(rawValue: "safetensors.header-encoding")
  /// The header is not JSON.
  public static let safetensorsHeaderJSON = Self(rawValue: "safetensors.header-json")
  /// `__metadata__` is not an object of strings.
  public static let safetensorsMetadata = Self(rawValue: "safetensors.metadata")
  /// A tensor's description lacks a member, or a member is of the wrong kind.
  public static let safetensorsTensorInfo = Self(rawValue: "safetensors.tensor-info")
  /// Two tensors have one name.
  public static let safetensorsDuplicateName = Self(rawValue: "safetensors.duplicate-name")
  /// An element type that the format doesn't define.
  public static let safetensorsUnknownDType = Self(rawValue: "safetensors.unknown-dtype")
  /// An element type that the format defines and no array here can have.
  public static let safetensorsUnsupportedDType = Self(rawValue: "safetensors.unsupported-dtype")
  /// The size of a tensor overflows.
  public static let safetensorsShapeOverflow = Self(rawValue: "safetensors.shape-overflow")
  /// A tensor's range has another size than its shape and type.
  public static let safetensorsSizeMismatch = Self(rawValue: "safetensors.size-mismatch")
  /// A tensor's range ends before it begins.
  public static let safetensorsOffsetOrder = Self(rawValue: "safetensors.offset-order")
  /// Bytes between two tensors belong to no tensor.
  public static let safetensorsHole = Self(rawValue: "safetensors.hole")
  /// Two tensors share bytes.
  public static let safetensorsOverlap = Self(rawValue: "safetensors.overlap")
  /// The file ends before its last tensor does.
  public static let safetensorsTruncatedData = Self(rawValue: "safetensors.truncated-data")
  /// Bytes follow the last tensor.
  public static let safetensorsTrailingData = Self(rawValue: "safetensors.trailing-data")
  /// The file is larger than the limits for readers allow: tensors, dimensions, lengths of names.
  public static let safetensorsLimit = Self(rawValue: "safetensors.limit")

  /// The index of a set is malformed.
  public static let safetensorsIndex = Self(rawValue: "safetensors.index")
  /// A directory has several indexes, and none is the usual one.
  public static let safetensorsSeveralIndexes = Self(rawValue: "safetensors.several-indexes")
  /// A directory has neither an index nor a safetensors file.
  public static let safetensorsNoFile = Self(rawValue: "safetensors.no-file")
  /// The index assigns a tensor to a file that doesn't hold it.
  public static let safetensorsMissingTensor = Self(rawValue: "safetensors.missing-tensor")
  /// A file of a set holds tensors that the index doesn't name, or assigns to another file.
  public static let safetensorsUnmappedTensor = Self(rawValue: "safetensors.unmapped-tensor")
  /// A file beside the index doesn't belong to the set.
  public static let safetensorsUnlistedFile = Self(rawValue: "safetensors.unlisted-file")
  /// Several files without an index, read as one.
  public static let safetensorsNoIndex = Self(rawValue: "safetensors.no-index")
  /// A file has parts of tensors only, or the parts in the files of a set don't make whole tensors.
  public static let safetensorsParts = Self(rawValue: "safetensors.parts")
  /// The files of a set disagree on a metadata value.
  public static let safetensorsMetadataDiffers = Self(rawValue: "safetensors.metadata-differs")

  /// Two arrays of a tree would have one name.
  public static let safetensorsNameCollision = Self(rawValue: "safetensors.name-collision")
  /// An array would have the name that the format keeps for metadata.
  public static let safetensorsReservedName = Self(rawValue: "safetensors.reserved-name")
}
