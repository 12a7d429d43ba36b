package import CoppiceModel

extension CoppiceError.Code {
  /// A document's bytes don't have the digest recorded for them.
  package static let metadataDigestMismatch = Self(rawValue: "metadata.digest-mismatch")
  /// A document doesn't have the size recorded for it.
  package static let metadataSizeMismatch = Self(rawValue: "metadata.size-mismatch")
  /// A time that isn't in the format's spelling.
  package static let metadataBadTime = Self(rawValue: "metadata.bad-time")
  /// A pointer of `nonfinite` that leads to no null of `metrics` or `custom`.
  package static let metadataBadNonfinite = Self(rawValue: "metadata.bad-nonfinite")
  /// A kind of checkpointable that this version doesn't know.
  package static let metadataUnknownKind = Self(rawValue: "metadata.unknown-kind")
  /// Composites nested deeper than the limit.
  package static let metadataTooDeep = Self(rawValue: "metadata.too-deep")
}
