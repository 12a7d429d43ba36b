extension CoppiceError.Code {
  /// A box that doesn't lie inside its array.
  public static let usageBox = Self(rawValue: "usage.box")
  /// A device or a mesh that a sharding doesn't have.
  public static let usageDevice = Self(rawValue: "usage.device")
  /// Shapes that don't go together in what was asked.
  public static let usageShape = Self(rawValue: "usage.shape")
}
