import CoppiceModel

/// A cursor that reads the fields of a manifest or node, front to back.
struct OCDBTCursor {
  let bytes: [UInt8]
  private(set) var offset = 0
  private let what: String
  private let location: CoppiceError.Location

  init(_ bytes: [UInt8], what: String, at location: CoppiceError.Location) {
    self.bytes = bytes
    self.what = what
    self.location = location
  }

  var left: Int { bytes.count - offset }

  func malformed(_ text: String) -> CoppiceError {
    CoppiceError(.ocdbtMalformed, "the \(what) \(text); the file is damaged", at: location)
  }

  mutating func byte() throws(CoppiceError) -> UInt8 {
    guard offset < bytes.count else { throw malformed("ends too soon") }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// Skips bytes and returns their range.
  mutating func range(_ count: Int) throws(CoppiceError) -> Range<Int> {
    guard count >= 0, count <= left else { throw malformed("ends too soon") }
    defer { offset += count }
    return offset..<(offset + count)
  }

  /// Reads a number in LEB128.
  mutating func varint() throws(CoppiceError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      let bits = UInt64(next & 0x7F)
      guard shift < 63 || (shift == 63 && bits <= 1) else {
        throw malformed("has a number of more than 64 bits")
      }
      value |= bits << shift
      if next & 0x80 == 0 { return value }
      shift += 7
    }
  }

  /// Reads a number that is a size or an index.
  mutating func integer() throws(CoppiceError) -> Int {
    guard let value = Int(exactly: try varint()) else {
      throw malformed("has a number of more than 63 bits")
    }
    return value
  }

  /// Reads a number of entries, each of which takes at least `entryBytes` of the remaining bytes.
  mutating func count(entryBytes: Int) throws(CoppiceError) -> Int {
    let count = try integer()
    guard count <= left / entryBytes else {
      throw malformed("says it has \(count) entries, but has no bytes for them")
    }
    return count
  }

  /// Reads a column of lengths or indexes below 2^32.
  mutating func column(_ count: Int) throws(CoppiceError) -> [UInt32] {
    var values: [UInt32] = []
    values.reserveCapacity(max(count, 0))
    for _ in 0..<max(count, 0) {
      guard let value = UInt32(exactly: try varint()) else {
        throw malformed("has a length of more than 32 bits")
      }
      values.append(value)
    }
    return values
  }

  /// Reads a column of numbers of any size.
  mutating func wideColumn(_ count: Int) throws(CoppiceError) -> [UInt64] {
    var values: [UInt64] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try varint()) }
    return values
  }

  /// Reads a column of bytes.
  mutating func byteColumn(_ count: Int) throws(CoppiceError) -> [UInt8] {
    Array(bytes[try range(count)])
  }

  mutating func bigEndian32() throws(CoppiceError) -> UInt32 {
    bytes[try range(4)].reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func littleEndian64() throws(CoppiceError) -> UInt64 {
    bytes[try range(8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  func requireEnd() throws(CoppiceError) {
    guard left == 0 else { throw malformed("has \(left) bytes too many") }
  }
}
