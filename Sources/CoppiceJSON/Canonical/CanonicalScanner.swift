package import CoppiceModel

/// A reader of documents in canonical form, front to back, without a tape.
///
/// It is for large documents of a known form, and several times faster than reading through a tape.
/// It accepts the expected spelling and nothing else. On any deviation, valid or not, the caller
/// starts again with `JSONDocument`, which accepts all spellings and reports errors.
///
/// It is public only for the compiler, which inlines nothing of `package` types into other modules.
///
/// Spec: MET-4 to MET-6.
public struct CanonicalScanner: Sendable {
  /// A difference between the document and the expected form.
  public struct Deviation: Error {
    /// Makes the error without details: reading the document again with `JSONDocument` gives them.
    @inlinable public init() {}
  }

  @usableFromInline let bytes: [UInt8]

  /// The offset of the next byte.
  package var place: Int { position }
  @usableFromInline var position = 0

  /// Starts at the first byte of a document.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether all bytes are taken.
  package var isAtEnd: Bool { place == bytes.count }

  /// Goes back to an earlier offset.
  package mutating func rewind(to earlier: Int) { if earlier < position { position = earlier } }

  /// Takes a text if it comes next.
  @inlinable @inline(__always)
  package mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count - position >= count else { return false }
    for index in 0..<count where unsafe bytes[position + index] != text.utf8Start[index] {
      return false
    }
    position += count
    return true
  }

  /// Takes a text; throws if another one comes next.
  @inlinable @inline(__always)
  package mutating func expect(_ text: StaticString) throws(Deviation) {
    guard take(text) else { throw Deviation() }
  }

  /// Takes an integer from 0 to 2^53 − 1.
  package mutating func integer() throws(Deviation) -> Int { try anyInteger() }

  @inline(__always)
  private mutating func anyInteger() throws(Deviation) -> Int {
    let start = position
    guard bytes.count - start >= 16 else { return try lastInteger() }
    // One digit is the most common case: the file of a block.
    if bytes[start + 1] &- UInt8(ascii: "0") > 9 {
      let digit = bytes[start] &- UInt8(ascii: "0")
      guard digit <= 9 else { throw Deviation() }
      position += 1
      return Int(digit)
    }
    var (count, number) = DecimalDigits.leading(eightBytes(at: start))
    if count == 8 {
      let rest = DecimalDigits.leading(eightBytes(at: start + 8))
      // A number of more than sixteen digits is too large.
      guard rest.count < 8 else { return try lastInteger() }
      number = number * DecimalDigits.powers[rest.count] + rest.number
      count += rest.count
    }
    guard count > 0, count == 1 || bytes[start] != UInt8(ascii: "0") else { throw Deviation() }
    position = start + count
    return number
  }

  @inline(__always)
  private func eightBytes(at offset: Int) -> UInt64 {
    unsafe bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  /// Takes an integer of sixteen digits, or one near the end of the document.
  private mutating func lastInteger() throws(Deviation) -> Int {
    let start = place
    var number = 0
    // The largest number has 16 digits: reading no more than 17 can't overflow.
    while place < bytes.count, place - start <= 16 {
      let digit = bytes[place] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      number = number * 10 + Int(digit)
      position += 1
    }
    let count = place - start
    guard count > 0, count == 1 || bytes[start] != UInt8(ascii: "0"),
      number <= JSONNode.largestInteger
    else { throw Deviation() }
    return number
  }

  /// Takes an array of integers from 0 to 2^53 − 1.
  package mutating func integerColumn(
    reservingCapacity capacity: Int = 0
  ) throws(Deviation) -> [Int] {
    var column: [Int] = []
    column.reserveCapacity(capacity)
    try expect("[")
    if take("]") { return column }
    repeat { column.append(try anyInteger()) } while take(",")
    try expect("]")
    return column
  }

  /// Takes an array of strings of sixteen lower-case hexadecimal digits.
  package mutating func hex64Column() throws(Deviation) -> [UInt64] {
    var column: [UInt64] = []
    try expect("[")
    if take("]") { return column }
    // Each takes 19 bytes with quotes and comma; a wrong guess costs little.
    column.reserveCapacity(min((bytes.count - place) / 64, 1 << 22))
    repeat { column.append(try hex64()) } while take(",")
    try expect("]")
    return column
  }

  /// Takes a string of sixteen lower-case hexadecimal digits.
  package mutating func hex64() throws(Deviation) -> UInt64 {
    try expect("\"")
    guard bytes.count - place >= 16,
      let number = HexDigits.number(bytes.span.extracting(place..<(place + 16)))
    else { throw Deviation() }
    position += 16
    try expect("\"")
    return number
  }
}

extension CanonicalScanner {
  /// Takes a string without escapes and returns its text.
  package mutating func string() throws(Deviation) -> String { try text(try stringRange()) }

  /// Takes a string without escapes and returns the range of its text.
  package mutating func stringRange() throws(Deviation) -> Range<Int> {
    try expect("\"")
    let start = place
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return start..<(place - 1)
      }
      guard byte >= 0x20, byte != UInt8(ascii: "\\") else { break }
      position += 1
    }
    throw Deviation()
  }

  /// Takes any value and parses it with a tape of its own.
  package mutating func value(limits: ReadLimits) throws(Deviation) -> JSONNode {
    let range = try valueRange()
    do {
      return try JSONDocument(parsing: Array(bytes[range]), limits: limits).root
    } catch {
      throw Deviation()
    }
  }

  /// Takes any value by finding its end, without checking its contents.
  private mutating func valueRange() throws(Deviation) -> Range<Int> {
    let start = place
    var depth = 0
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""): try skipString()
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        position += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        // The end of the array or object that contains the scalar.
        if depth == 0 { return start..<place }
        depth -= 1
        position += 1
      case UInt8(ascii: ",") where depth == 0: return start..<place
      default:
        position += 1
        continue
      }
      if depth == 0 { return start..<place }
    }
    throw Deviation()
  }

  private mutating func skipString() throws(Deviation) {
    position += 1
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        position += 1
        return
      case UInt8(ascii: "\\"): position += 2
      default: position += 1
      }
    }
    throw Deviation()
  }

  /// Takes bytes if they repeat those of an earlier range; returns whether they do.
  @inline(__always)
  package mutating func takeAgain(_ range: Range<Int>) -> Bool {
    guard comesAgain(range) else { return false }
    position += range.count
    return true
  }

  @inline(__always)
  private func comesAgain(_ range: Range<Int>) -> Bool {
    guard bytes.count - place >= range.count else { return false }
    let source = bytes.span
    return source.extracting(place..<(place + range.count)).isEqual(to: source.extracting(range))
  }

  /// Returns whether one text that was taken comes before another, by their bytes.
  @inline(__always)
  package func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    bytes.span.extracting(left).precedes(bytes.span.extracting(right))
  }

  /// Returns the text of a string that was taken.
  package func text(_ range: Range<Int>) throws(Deviation) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes.span.extracting(range)))
    } catch {
      throw Deviation()
    }
  }
}
