import CoppiceModel

/// A cursor that reads bytes forward through a small window, and knows how many are left.
struct MsgpackCursor {
  private let source: any ByteSource
  private let end: Int
  private var window: [UInt8] = []
  private var windowStart: Int
  private var windowSize = 256

  let file: String?

  /// The offset of the next byte in the source.
  private(set) var offset: Int

  private static let largestWindow = 1 << 16

  init(_ source: any ByteSource, _ range: Range<Int>, file: String?) {
    self.source = source
    self.end = range.upperBound
    self.offset = range.lowerBound
    self.windowStart = range.lowerBound
    self.file = file
  }

  var remaining: Int { end - offset }

  mutating func byte() throws(CoppiceError) -> UInt8 {
    guard remaining > 0 else { throw truncated(1) }
    if offset - windowStart >= window.count { try refill() }
    let byte = window[offset - windowStart]
    offset += 1
    return byte
  }

  mutating func bigEndian<Number: FixedWidthInteger & UnsignedInteger>(
    _: Number.Type
  ) throws(CoppiceError) -> Number {
    var number: Number = 0
    for _ in 0..<(Number.bitWidth / 8) { number = number << 8 | Number(try byte()) }
    return number
  }

  mutating func bytes(_ count: Int) throws(CoppiceError) -> [UInt8] {
    guard count <= remaining else { throw truncated(count) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      if offset - windowStart >= window.count { try refill() }
      let piece = window[(offset - windowStart)...].prefix(count - bytes.count)
      bytes.append(contentsOf: piece)
      offset += piece.count
    }
    return bytes
  }

  /// Skips bytes without reading them.
  mutating func skip(_ count: Int) throws(CoppiceError) {
    guard count <= remaining else { throw truncated(count) }
    offset += count
  }

  private mutating func refill() throws(CoppiceError) {
    let count = min(windowSize, remaining)
    windowSize = min(windowSize * 4, Self.largestWindow)
    var fresh = [UInt8](repeating: 0, count: count)
    var span = fresh.mutableSpan
    var target = unsafe span.mutableBytes
    try source.read(at: offset, into: &target)
    window = fresh
    windowStart = offset
  }

  func error(_ code: CoppiceError.Code, _ message: String, at place: Int) -> CoppiceError {
    CoppiceError(code, message, at: .init(file: file, offset: place))
  }

  func truncated(_ count: Int) -> CoppiceError {
    error(
      .msgpackTruncated,
      "\(count) more bytes are needed, but \(remaining) are left; the file is cut or damaged",
      at: offset)
  }
}
