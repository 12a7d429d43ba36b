package import CoppiceModel

extension CoppiceError.Code {
  /// Compressed bytes end before their content does.
  package static let compressionTruncated = Self(rawValue: "compression.truncated")
  /// Compressed bytes break their format, or their checksum is wrong.
  package static let compressionDamaged = Self(rawValue: "compression.damaged")
  /// The content has more or fewer bytes than declared.
  package static let compressionSize = Self(rawValue: "compression.size")
  /// A zstd frame isn't of the kind that the format allows: one frame, its size stated, no
  /// dictionary.
  package static let compressionFrame = Self(rawValue: "compression.frame")
}
