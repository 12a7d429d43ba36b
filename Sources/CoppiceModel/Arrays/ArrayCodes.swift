extension CoppiceError.Code {
  /// A box that doesn't lie inside its array.
  public static let usageBox = Self(rawValue: "usage.box")
  /// A device or a mesh that a sharding doesn't have.
  public static let usageDevice = Self(rawValue: "usage.device")
  /// Shapes that don't match in an operation on arrays.
  public static let usageShape = Self(rawValue: "usage.shape")
}
