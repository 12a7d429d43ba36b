public import CoppiceModel

extension CoppiceError.Code {
  /// An extension type that Flax does not write.
  public static let flaxExtensionType = Self(rawValue: "flax.extension-type")
  /// An extension whose content doesn't match its type.
  public static let flaxExtension = Self(rawValue: "flax.extension")
  /// An unknown element type.
  public static let flaxDType = Self(rawValue: "flax.unknown-dtype")
  /// An array that was saved in chunks, of which one is missing or wrong.
  public static let flaxChunks = Self(rawValue: "flax.chunked-array")
  /// Containers nested deeper than the limit.
  public static let flaxDepth = Self(rawValue: "flax.depth")
}

// Oddities that are tolerated: these come as warnings.
extension CoppiceError.Code {
  /// The number of a step that isn't an integer.
  public static let flaxStep = Self(rawValue: "flax.step-number")
  /// Files that belong to another run in the same directory.
  public static let flaxOtherPrefix = Self(rawValue: "flax.other-prefix")
}

// Faults that keep a tree from becoming one of Flax's.
extension CoppiceError.Code {
  /// Two keys of a dictionary would be equal.
  public static let flaxKeyCollision = Self(rawValue: "flax.key-collision")
  /// A key or a text that Flax uses to mark arrays of other kinds.
  public static let flaxReservedName = Self(rawValue: "flax.reserved-name")
}
