package import CoppiceModel

extension CoppiceError.Code {
  /// The document isn't the expected Coppice document.
  package static let versioningNotCoppice = Self(rawValue: "versioning.not-coppice")
  /// The document has a major version newer than the reader's.
  package static let versioningFutureMajor = Self(rawValue: "versioning.future-major")
  /// The list of required features isn't sorted, or has one twice.
  package static let versioningBadFeatures = Self(rawValue: "versioning.bad-features")
  /// The checkpoint requires a feature that the reader doesn't know.
  package static let versioningUnknownFeature = Self(rawValue: "versioning.unknown-feature")
  /// The checkpoint uses a feature that it doesn't list.
  package static let versioningUndeclaredFeature = Self(rawValue: "versioning.undeclared-feature")
  /// The checkpoint lists a feature that it doesn't use.
  package static let versioningUnusedFeature = Self(rawValue: "versioning.unused-feature")
  /// A member that a later minor version has added, and that the reader doesn't know.
  package static let versioningIgnoredMember = Self(rawValue: "versioning.ignored-member")
  /// A checkpoint of version 0 without metadata: its structure was inferred.
  package static let versioningInferred = Self(rawValue: "versioning.inferred")
}
