import CoppiceFiles
import CoppiceModel

/// A strict parser of MessagePack.
///
/// It checks every declared count against the remaining bytes before it allocates memory.
struct MsgpackParser {
  private var cursor: MsgpackCursor
  private let limits: ReadLimits
  private var valuesLeft: Int
  private var textLeft: Int

  init(_ cursor: MsgpackCursor, limits: ReadLimits) {
    self.cursor = cursor
    self.limits = limits
    // Keys and containers count too.
    self.valuesLeft = limits.leaves.multipliedReportingOverflow(by: 4).partialValue
    self.textLeft = limits.documentBytes
  }

  /// Reads one value, which must be the whole document.
  mutating func document() throws(CoppiceError) -> MsgpackValue {
    let value = try value(depth: 0)
    guard cursor.remaining == 0 else {
      throw cursor.error(
        .msgpackTrailing, "\(cursor.remaining) bytes follow the document's value",
        at: cursor.offset)
    }
    return value
  }

  private mutating func value(depth: Int) throws(CoppiceError) -> MsgpackValue {
    guard valuesLeft > 0 else {
      throw cursor.error(.msgpackLimit, "the document has too many values", at: cursor.offset)
    }
    valuesLeft -= 1
    let start = cursor.offset
    let tag = try cursor.byte()
    switch tag {
    case 0x00...0x7F: return .int(Int64(tag))
    case 0x80...0x8F: return try map(Int(tag & 15), depth, start)
    case 0x90...0x9F: return try array(Int(tag & 15), depth, start)
    case 0xA0...0xBF: return .string(try text(Int(tag & 31), start))
    case 0xC0: return .none
    case 0xC1:
      throw cursor.error(
        .msgpackReserved, "the byte 0xC1 is where a value must be", at: start)
    case 0xC2, 0xC3: return .bool(tag == 0xC3)
    case 0xC4...0xC6: return .bytes(try payload(try count(tag - 0xC4)))
    case 0xC7...0xC9: return try ext(try count(tag - 0xC7))
    case 0xCA:
      return .float(Double(Float(bitPattern: try cursor.bigEndian(UInt32.self))))
    case 0xCB: return .float(Double(bitPattern: try cursor.bigEndian(UInt64.self)))
    case 0xCC...0xCF: return try unsigned(tag - 0xCC)
    case 0xD0...0xD3: return try signed(tag - 0xD0)
    case 0xD4...0xD8: return try ext(1 << Int(tag - 0xD4))
    case 0xD9...0xDB: return .string(try text(try count(tag - 0xD9), start))
    case 0xDC, 0xDD: return try array(try count(tag - 0xDC + 1), depth, start)
    case 0xDE, 0xDF: return try map(try count(tag - 0xDE + 1), depth, start)
    default: return .int(Int64(Int8(bitPattern: tag)))
    }
  }

  /// Reads a count of 1, 2 or 4 bytes.
  private mutating func count(_ width: UInt8) throws(CoppiceError) -> Int {
    switch width {
    case 0: Int(try cursor.bigEndian(UInt8.self))
    case 1: Int(try cursor.bigEndian(UInt16.self))
    default: Int(try cursor.bigEndian(UInt32.self))
    }
  }

  private mutating func unsigned(_ width: UInt8) throws(CoppiceError) -> MsgpackValue {
    switch width {
    case 0: return .int(Int64(try cursor.bigEndian(UInt8.self)))
    case 1: return .int(Int64(try cursor.bigEndian(UInt16.self)))
    case 2: return .int(Int64(try cursor.bigEndian(UInt32.self)))
    default:
      let number = try cursor.bigEndian(UInt64.self)
      return Int64(exactly: number).map(MsgpackValue.int) ?? .uint(number)
    }
  }

  private mutating func signed(_ width: UInt8) throws(CoppiceError) -> MsgpackValue {
    switch width {
    case 0: .int(Int64(Int8(bitPattern: try cursor.bigEndian(UInt8.self))))
    case 1: .int(Int64(Int16(bitPattern: try cursor.bigEndian(UInt16.self))))
    case 2: .int(Int64(Int32(bitPattern: try cursor.bigEndian(UInt32.self))))
    default: .int(Int64(bitPattern: try cursor.bigEndian(UInt64.self)))
    }
  }

  private mutating func payload(_ count: Int) throws(CoppiceError) -> MsgpackPayload {
    let payload = MsgpackPayload(offset: cursor.offset, count: count)
    try cursor.skip(count)
    return payload
  }

  private mutating func ext(_ count: Int) throws(CoppiceError) -> MsgpackValue {
    let type = Int8(bitPattern: try cursor.byte())
    return .ext(type: type, try payload(count))
  }

  private mutating func text(_ count: Int, _ start: Int) throws(CoppiceError) -> String {
    guard count <= cursor.remaining else { throw cursor.truncated(count) }
    guard count <= textLeft else {
      throw cursor.error(.msgpackLimit, "the document has too much text", at: start)
    }
    textLeft -= count
    guard let text = String(validating: try cursor.bytes(count), as: UTF8.self) else {
      throw cursor.error(.msgpackText, "the text is not UTF-8", at: start)
    }
    return text
  }

  private mutating func array(
    _ count: Int, _ depth: Int, _ start: Int
  ) throws(CoppiceError) -> MsgpackValue {
    try enter(count, depth, start)
    var values: [MsgpackValue] = []
    for _ in 0..<count { values.append(try value(depth: depth + 1)) }
    return .array(values)
  }

  private mutating func map(
    _ count: Int, _ depth: Int, _ start: Int
  ) throws(CoppiceError) -> MsgpackValue {
    let (items, overflow) = count.multipliedReportingOverflow(by: 2)
    try enter(overflow ? .max : items, depth, start)
    var entries: [MsgpackValue.Entry] = []
    var seen: Set<TreeKey> = []
    var oddKey: String?
    for _ in 0..<count {
      let place = cursor.offset
      let given = try value(depth: depth + 1)
      let value = try value(depth: depth + 1)
      guard let key = try key(given, at: place) else {
        oddKey = oddKey ?? given.kind
        continue
      }
      guard seen.insert(key).inserted else {
        throw cursor.error(
          .msgpackDuplicateKey, "the map has the key \(key.printable) twice", at: place)
      }
      entries.append(.init(key: key, value: value))
    }
    return oddKey.map { .oddMap(key: $0) } ?? .map(entries)
  }

  /// Checks a container's declared size: each item takes at least one byte.
  private func enter(_ items: Int, _ depth: Int, _ start: Int) throws(CoppiceError) {
    guard depth < limits.depth else {
      throw cursor.error(
        .msgpackDepth, "containers are nested deeper than \(limits.depth)", at: start)
    }
    guard items <= cursor.remaining else {
      throw cursor.error(
        .msgpackTruncated,
        "a container of \(items) items is declared, but \(cursor.remaining) bytes are left",
        at: start)
    }
  }

  /// Returns the key that a value is; `nil` for what no tree can have as a key.
  private func key(_ value: MsgpackValue, at place: Int) throws(CoppiceError) -> TreeKey? {
    switch value {
    case .string(let text):
      guard text.utf8.count <= limits.componentBytes else {
        throw cursor.error(
          .msgpackLimit,
          "a key has \(text.utf8.count) bytes; at most \(limits.componentBytes) are read",
          at: place)
      }
      return .string(text)
    case .int(let number): return .integer(Int(number))
    default: return nil
    }
  }
}

extension TreeKey {
  /// The key as messages show it.
  var printable: String {
    switch self {
    case .string(let text): "\"\(text.printable)\""
    case .integer(let number): String(number)
    }
  }
}
