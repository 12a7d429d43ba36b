import CoppiceModel

/// The reader of metadata values as JSON.
struct GGUFValueReader {
  private let depth: Int

  /// The number of elements of arrays that may still be read.
  private var budget: Int

  init(_ limits: ReadLimits) {
    depth = limits.depth
    budget = limits.leaves
  }

  /// The types of values, by the format's numbers.
  private enum Kind: UInt32 {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64
    case float64

    /// The fewest bytes of a value.
    var byteCount: Int {
      switch self {
      case .uint8, .int8, .bool: 1
      case .uint16, .int16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64, .string: 8
      case .array: 12
      }
    }
  }

  /// Reads a type and a value of it.
  ///
  /// - Throws: `gguf.metadata`, `gguf.truncated-header`, `gguf.encoding`, `gguf.limit`, `io.*`.
  mutating func value(_ cursor: inout GGUFCursor) throws(CoppiceError) -> JSON {
    try value(of: try kind(&cursor), &cursor, depth: depth)
  }

  private func kind(_ cursor: inout GGUFCursor) throws(CoppiceError) -> Kind {
    let number: UInt32 = try cursor.integer()
    guard let kind = Kind(rawValue: number) else {
      throw cursor.error(
        .ggufMetadata,
        "\(cursor.subject) is of the type \(number), which is not known; the file is damaged, or of a newer format"
      )
    }
    return kind
  }

  private mutating func value(
    of kind: Kind, _ cursor: inout GGUFCursor, depth: Int
  ) throws(CoppiceError) -> JSON {
    switch kind {
    case .uint8: .integer(try cursor.integer(UInt8.self))
    case .int8: .integer(try cursor.integer(Int8.self))
    case .uint16: .integer(try cursor.integer(UInt16.self))
    case .int16: .integer(try cursor.integer(Int16.self))
    case .uint32: .integer(try cursor.integer(UInt32.self))
    case .int32: .integer(try cursor.integer(Int32.self))
    case .uint64: .integer(try cursor.integer(UInt64.self))
    case .int64: .integer(try cursor.integer(Int64.self))
    case .float32: .float(Double(Float(bitPattern: try cursor.integer())))
    case .float64: .float(Double(bitPattern: try cursor.integer()))
    case .bool: .bool(try Self.bool(&cursor))
    case .string: .string(try cursor.text())
    case .array: try array(&cursor, depth: depth)
    }
  }

  private static func bool(_ cursor: inout GGUFCursor) throws(CoppiceError) -> Bool {
    let byte: UInt8 = try cursor.integer()
    guard byte <= 1 else {
      throw cursor.error(
        .ggufMetadata, "\(cursor.subject) has a bool that is \(byte); the file is damaged")
    }
    return byte == 1
  }

  private mutating func array(
    _ cursor: inout GGUFCursor, depth: Int
  ) throws(CoppiceError) -> JSON {
    let kind = try self.kind(&cursor)
    guard depth > 1 else {
      throw cursor.error(.ggufLimit, "the arrays of \(cursor.subject) are nested too deeply")
    }
    let count = try cursor.count(
      of: "elements of \(cursor.subject)", ofAtLeast: kind.byteCount, limit: budget)
    budget -= count
    var elements: [JSON] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try value(of: kind, &cursor, depth: depth - 1)) }
    return .array(elements)
  }
}
