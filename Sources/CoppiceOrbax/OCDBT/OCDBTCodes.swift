public import CoppiceModel

extension CoppiceError.Code {
  /// A manifest or node of an OCDBT database breaks its format.
  public static let ocdbtMalformed = Self(rawValue: "ocdbt.malformed")
  /// The checksum of a manifest or node is wrong.
  public static let ocdbtChecksum = Self(rawValue: "ocdbt.checksum")
  /// The database is of a version or kind that this reader doesn't know.
  public static let ocdbtVersion = Self(rawValue: "ocdbt.version")
  /// A data file ends before bytes that the database refers to.
  public static let ocdbtTruncated = Self(rawValue: "ocdbt.truncated")
  /// A node or the whole index is larger than the limits allow.
  public static let ocdbtTooLarge = Self(rawValue: "ocdbt.too-large")
}
