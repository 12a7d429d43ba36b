package import CoppiceModel

extension CoppiceError.Code {
  /// A manifest or node of an OCDBT database breaks its format.
  package static let ocdbtMalformed = Self(rawValue: "ocdbt.malformed")
  /// The checksum of a manifest or node is wrong.
  package static let ocdbtChecksum = Self(rawValue: "ocdbt.checksum")
  /// The database is of a version or kind that this reader doesn't know.
  package static let ocdbtVersion = Self(rawValue: "ocdbt.version")
  /// A data file ends before bytes that the database refers to.
  package static let ocdbtTruncated = Self(rawValue: "ocdbt.truncated")
  /// A node or the whole index is larger than the limits allow.
  package static let ocdbtTooLarge = Self(rawValue: "ocdbt.too-large")
}
