extension JSON {
  /// Makes the JSON of a value of any `Encodable` type, such as a configuration.
  ///
  /// Numbers keep their values: integers all digits, floating-point numbers the shortest text that
  /// gives them back, `NaN` and `Infinity` as Python writes them. A property that is `nil` is left out.
  ///
  /// - Throws: `json.coding` when the type's own encoding fails, or nests deeper than 128 containers.
  public init(encoding value: some Encodable) throws(CoppiceError) {
    let encoded = EncodedJSON(at: nil)
    do {
      try encoded.encode(value)
    } catch let error as CoppiceError {
      throw error
    } catch EncodingError.invalidValue(_, let context) {
      throw .jsonCoding(context.debugDescription, context.codingPath, context.underlyingError)
    } catch {
      throw .jsonCoding("a type's own encoding failed: \(error)", [], error)
    }
    self = try encoded.finish()
  }

  /// Returns the value of any `Decodable` type that the JSON describes.
  ///
  /// A number must have a value of the type: an integer in its range, and no fraction where it has none;
  /// floating-point numbers are rounded to the nearest. Members that the type doesn't ask for are left
  /// alone.
  ///
  /// - Throws: `json.coding`, with the place in the document, when the JSON isn't what the type asks for.
  public func decode<Value: Decodable>(
    _ type: Value.Type = Value.self
  ) throws(CoppiceError) -> Value {
    do {
      return try JSONCoded(json: self, place: nil).decode(type)
    } catch let error as CoppiceError {
      throw error
    } catch let error as DecodingError {
      switch error {
      case .keyNotFound(_, let context), .typeMismatch(_, let context),
        .valueNotFound(_, let context), .dataCorrupted(let context):
        throw .jsonCoding(context.debugDescription, context.codingPath, context.underlyingError)
      @unknown default: throw .jsonCoding("\(error)", [], error)
      }
    } catch {
      throw .jsonCoding("a type's own decoding failed: \(error)", [], error)
    }
  }
}

extension JSON: Codable {
  /// Writes the value with an encoder of any format.
  ///
  /// Numbers go as 64-bit integers where they are such, and else as `Double`.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .array(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(element) }
    case .object(let members):
      var container = encoder.container(keyedBy: IndexKey.self)
      for member in members {
        try container.encode(member.value, forKey: IndexKey(stringValue: member.name))
      }
    case .null, .bool, .number, .string:
      var container = encoder.singleValueContainer()
      try encode(into: &container)
    }
  }

  private func encode(into container: inout any SingleValueEncodingContainer) throws {
    switch self {
    case .bool(let isTrue): try container.encode(isTrue)
    case .string(let text): try container.encode(text)
    case .number(let text):
      if let number = Int64(text) {
        try container.encode(number)
      } else if let number = UInt64(text) {
        try container.encode(number)
      } else if let number = double {
        try container.encode(number)
      } else {
        throw EncodingError.invalidValue(
          self,
          .init(
            codingPath: container.codingPath,
            debugDescription: "\"\(text.printable)\" is no number"))
      }
    case .null, .array, .object: try container.encodeNil()
    }
  }

  /// Reads a value from a decoder of any format.
  ///
  /// Numbers keep their values, not their spelling.
  public init(from decoder: any Decoder) throws {
    // Members first: decoders of trees take an object without members for an empty array, too.
    if let members = try? decoder.container(keyedBy: IndexKey.self) {
      self = .object(
        try members.allKeys.map { key in
          Member(key.stringValue, try members.decode(JSON.self, forKey: key))
        })
      return
    }
    if var elements = try? decoder.unkeyedContainer() {
      var array: [JSON] = []
      while !elements.isAtEnd { array.append(try elements.decode(JSON.self)) }
      self = .array(array)
      return
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let isTrue = try? container.decode(Bool.self) {
      self = .bool(isTrue)
    } else if let number = try? container.decode(Int64.self) {
      self = .integer(number)
    } else if let number = try? container.decode(UInt64.self) {
      self = .integer(number)
    } else if let number = try? container.decode(Double.self) {
      self = .float(number)
    } else {
      self = .string(try container.decode(String.self))
    }
  }
}

extension CoppiceError {
  fileprivate static func jsonCoding(
    _ message: String, _ path: [any CodingKey], _ cause: (any Error)?
  ) -> CoppiceError {
    CoppiceError(
      .jsonCoding, message, at: .init(pointer: path.jsonPointer),
      cause: cause.map { .other($0) })
  }
}
