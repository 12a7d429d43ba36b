// Versions and features (chapter 6).
extension CoppiceError.Code {
  /// The list of required features isn't sorted, or has one twice.
  public static let versioningBadFeatures = Self(rawValue: "versioning.bad-features")
  /// A tree document of a draft of version 1.0.
  public static let versioningCandidate = Self(rawValue: "versioning.candidate")
  /// The document has a major version newer than the reader's.
  public static let versioningFutureMajor = Self(rawValue: "versioning.future-major")
  /// A member that a later minor version has added, and that the reader doesn't know.
  public static let versioningIgnoredMember = Self(rawValue: "versioning.ignored-member")
  /// A checkpoint of version 0 without metadata: its structure was inferred.
  public static let versioningInferred = Self(rawValue: "versioning.inferred")
  /// The document isn't the expected Coppice document.
  public static let versioningNotCoppice = Self(rawValue: "versioning.not-coppice")
  /// The checkpoint uses a feature that it doesn't list.
  public static let versioningUndeclaredFeature = Self(rawValue: "versioning.undeclared-feature")
  /// The checkpoint requires a feature that the reader doesn't know.
  public static let versioningUnknownFeature = Self(rawValue: "versioning.unknown-feature")
  /// The checkpoint lists a feature that it doesn't use.
  public static let versioningUnusedFeature = Self(rawValue: "versioning.unused-feature")
}
