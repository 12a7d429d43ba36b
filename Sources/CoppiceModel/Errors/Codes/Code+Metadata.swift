// Faults of documents (chapter 3).
extension CoppiceError.Code {
  /// A pointer of `nonfinite` that leads to no null of `metrics` or `custom`.
  public static let metadataBadNonfinite = Self(rawValue: "metadata.bad-nonfinite")
  /// A time that isn't in the format's spelling.
  public static let metadataBadTime = Self(rawValue: "metadata.bad-time")
  /// A document's bytes don't have the digest recorded for them.
  public static let metadataDigestMismatch = Self(rawValue: "metadata.digest-mismatch")
  /// A document doesn't have the size recorded for it.
  public static let metadataSizeMismatch = Self(rawValue: "metadata.size-mismatch")
  /// Composites nested deeper than the limit.
  public static let metadataTooDeep = Self(rawValue: "metadata.too-deep")
  /// A kind of checkpointable that this version doesn't know.
  public static let metadataUnknownKind = Self(rawValue: "metadata.unknown-kind")
}
