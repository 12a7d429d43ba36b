package import CoppiceModel

extension CoppiceError.Code {
  /// The bytes don't begin as an array file does.
  package static let npyMagic = Self(rawValue: "npy.magic")

  /// The version of the header is unknown.
  package static let npyVersion = Self(rawValue: "npy.version")

  /// The header is cut off or malformed.
  package static let npyHeader = Self(rawValue: "npy.header")

  /// The element type is one that an array here can't have, such as a structure or an object.
  package static let npyUnsupportedDType = Self(rawValue: "npy.unsupported-dtype")

  /// The extents are negative, or the size overflows.
  package static let npyShape = Self(rawValue: "npy.shape")

  /// The file ends before the array does.
  package static let npyTruncated = Self(rawValue: "npy.truncated")

  /// Bytes follow the array.
  package static let npyTrailingData = Self(rawValue: "npy.trailing-data")

  /// A text in an array isn't valid text.
  package static let npyText = Self(rawValue: "npy.text")

  /// The array is larger than the limits for readers allow: dimensions, header, texts.
  package static let npyLimit = Self(rawValue: "npy.limit")

  /// The type of the elements is guessed: NumPy doesn't record those of ml_dtypes.
  package static let npyAssumedDType = Self(rawValue: "npy.assumed-dtype")

  /// The archive holds no array.
  package static let npzNoArray = Self(rawValue: "npz.no-array")

  /// A member of the archive isn't an array, and is left out.
  package static let npzOtherMember = Self(rawValue: "npz.other-member")

  /// Two arrays of a tree would have one name.
  package static let npzNameCollision = Self(rawValue: "npz.name-collision")
}
