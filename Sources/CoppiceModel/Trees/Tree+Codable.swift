// A part of a state may be a tree, a value or an array of texts as it is. Encoders and decoders of
// checkpoints take these as they are and never call what is here; others can't tell what they are.

extension Tree: Codable where Leaf == NDArray {
  /// Throws: only encoders of checkpoints take trees.
  public func encode(to encoder: any Encoder) throws { throw encoder.refusal(of: self) }

  /// Throws: only decoders of checkpoints give trees.
  public init(from decoder: any Decoder) throws { throw decoder.refusal(of: Self.self) }
}

extension TreeValue: Codable {
  /// Throws: only encoders of checkpoints take values of trees.
  public func encode(to encoder: any Encoder) throws { throw encoder.refusal(of: self) }

  /// Throws: only decoders of checkpoints give values of trees.
  public init(from decoder: any Decoder) throws { throw decoder.refusal(of: Self.self) }
}

extension TextArray: Codable {
  /// Throws: only encoders of checkpoints take arrays of texts.
  public func encode(to encoder: any Encoder) throws { throw encoder.refusal(of: self) }

  /// Throws: only decoders of checkpoints give arrays of texts.
  public init(from decoder: any Decoder) throws { throw decoder.refusal(of: Self.self) }
}

extension IntegerText: Codable {
  /// Writes the digits as text, for encoders that know no integers of any size.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  /// Reads what ``encode(to:)`` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let number = IntegerText(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "this is no integer in canonical digits")
    }
    self = number
  }
}

extension Encoder {
  fileprivate func refusal(of value: some Any) -> EncodingError {
    .invalidValue(
      value,
      .init(
        codingPath: codingPath,
        debugDescription: "only TreeEncoder takes values of the type \(type(of: value))"))
  }
}

extension Decoder {
  fileprivate func refusal(of type: Any.Type) -> DecodingError {
    .typeMismatch(
      type,
      .init(
        codingPath: codingPath,
        debugDescription: "only TreeDecoder gives values of the type \(type)"))
  }
}
