public import CoppiceModel

extension CoppiceError.Code {
  /// The file doesn't begin as a GGUF file does.
  public static let ggufMagic = Self(rawValue: "gguf.magic")
  /// A version of the format that isn't read.
  public static let ggufVersion = Self(rawValue: "gguf.version")
  /// The file ends before its header does, or the header states more than the file can hold.
  public static let ggufTruncatedHeader = Self(rawValue: "gguf.truncated-header")
  /// A metadata value is of an unknown type, or isn't what its key or type demands.
  public static let ggufMetadata = Self(rawValue: "gguf.metadata")
  /// A text is not UTF-8.
  public static let ggufEncoding = Self(rawValue: "gguf.encoding")
  /// Two metadata values have one key.
  public static let ggufDuplicateKey = Self(rawValue: "gguf.duplicate-key")
  /// Two tensors have one name.
  public static let ggufDuplicateName = Self(rawValue: "gguf.duplicate-name")
  /// An element type that the format doesn't define.
  public static let ggufUnknownType = Self(rawValue: "gguf.unknown-type")
  /// The size of a tensor overflows, or its rows aren't whole blocks.
  public static let ggufShape = Self(rawValue: "gguf.shape")
  /// A tensor doesn't begin at a multiple of the alignment.
  public static let ggufOffset = Self(rawValue: "gguf.offset")
  /// Two tensors share bytes.
  public static let ggufOverlap = Self(rawValue: "gguf.overlap")
  /// A tensor reaches past the end of the file.
  public static let ggufTruncatedData = Self(rawValue: "gguf.truncated-data")
  /// The file is larger than the limits for readers allow: counts, dimensions, lengths of names.
  public static let ggufLimit = Self(rawValue: "gguf.limit")

  /// The files of a split model disagree with each other or with their names.
  public static let ggufSplit = Self(rawValue: "gguf.split")
  /// A file of a split model that isn't the first was opened.
  public static let ggufLaterSplit = Self(rawValue: "gguf.later-split")
  /// A directory has the files of several models.
  public static let ggufSeveralModels = Self(rawValue: "gguf.several-models")
  /// The files of a split model disagree on a metadata value; the first is kept.
  public static let ggufMetadataDiffers = Self(rawValue: "gguf.metadata-differs")
  /// Tensors are quantised, and their blocks are read as bytes.
  public static let ggufBlocks = Self(rawValue: "gguf.blocks")
}
