package import CoppiceModel

extension CoppiceError.Code {
  /// An extension type that Flax does not write.
  package static let flaxExtensionType = Self(rawValue: "flax.extension-type")
  /// An extension whose content doesn't match its type.
  package static let flaxExtension = Self(rawValue: "flax.extension")
  /// An unknown element type.
  package static let flaxDType = Self(rawValue: "flax.unknown-dtype")
  /// An array that was saved in chunks, of which one is missing or wrong.
  package static let flaxChunks = Self(rawValue: "flax.chunked-array")
  /// Containers nested deeper than the limit.
  package static let flaxDepth = Self(rawValue: "flax.depth")
}

// Faults that are tolerated; each is a warning.
extension CoppiceError.Code {
  /// The number of a step that isn't an integer.
  package static let flaxStep = Self(rawValue: "flax.step-number")
  /// Files that belong to another run in the same directory.
  package static let flaxOtherPrefix = Self(rawValue: "flax.other-prefix")
}

// Reasons why a tree can't be written as one of Flax's.
extension CoppiceError.Code {
  /// Two keys of a dictionary would be equal.
  package static let flaxKeyCollision = Self(rawValue: "flax.key-collision")
  /// A key or a text that Flax uses to mark arrays of other kinds.
  package static let flaxReservedName = Self(rawValue: "flax.reserved-name")
}
