package import CoppiceModel

extension CoppiceError.Code {
  /// The file isn't a zip archive, or its directory is damaged or cut off.
  package static let zipDirectory = Self(rawValue: "zip.directory")

  /// A member's header or offset contradicts the directory.
  package static let zipMember = Self(rawValue: "zip.member")

  /// The content of a member doesn't have the checksum that the archive states.
  package static let zipChecksum = Self(rawValue: "zip.checksum")

  /// The archive states no checksums.
  package static let zipNoChecksum = Self(rawValue: "zip.no-checksum")

  /// The file is several archives, one after the other.
  package static let zipConcatenated = Self(rawValue: "zip.concatenated")

  /// Two members have one name.
  package static let zipDuplicateName = Self(rawValue: "zip.duplicate-name")

  /// A member is compressed with a method other than deflate, or encrypted.
  package static let zipUnsupported = Self(rawValue: "zip.unsupported")

  /// The archive is larger than the limits for readers allow: members, lengths of names.
  package static let zipLimit = Self(rawValue: "zip.limit")

  /// A name that a member can't have.
  package static let zipName = Self(rawValue: "zip.name")
}
