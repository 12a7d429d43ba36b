extension NDArray: Codable {
  private enum CodingKeys: CodingKey {
    case dtype, shape, bytes
  }

  /// Writes element type, extents and bytes.
  ///
  /// For encoders that know no arrays, such as JSON's. Those of checkpoints take an array as it is.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(dtype.rawValue, forKey: .dtype)
    try container.encode(shape.dimensions, forKey: .shape)
    let bytes = withBytes { [UInt8].nesting.make($0, [byteCount]) }
    try container.encode(bytes, forKey: .bytes)
  }

  /// Reads what `encode(to:)` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .dtype)
    guard let dtype = DType(rawValue: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .dtype, in: container, debugDescription: "\(name.printable) is no element type")
    }
    guard let shape = Shape(try container.decode([Int].self, forKey: .shape)) else {
      throw DecodingError.dataCorruptedError(
        forKey: .shape, in: container, debugDescription: "these are no extents of an array")
    }
    let bytes = try container.decode([UInt8].self, forKey: .bytes)
    try self.init(dtype: dtype, shape: shape, bytes: bytes)
  }
}
