import CoppiceModel

/// The bytes of a pickle, read forward in windows.
///
/// The bytes that follow the pickle in the file are never interpreted.
struct PickleInput {
  private let source: any ByteSource
  private var window: [UInt8] = []

  /// The offset of the window in the source.
  private var windowStart: Int

  private var place = 0

  /// The number of bytes that may still be taken.
  private var budget: Int

  private static let windowBytes = 1 << 16

  /// Makes an input that begins at an offset.
  init(_ source: any ByteSource, at offset: Int, limit: Int) {
    self.source = source
    self.windowStart = offset
    self.budget = limit
  }

  /// The offset of the next byte in the source.
  var offset: Int { windowStart + place }

  mutating func byte() throws(CoppiceError) -> UInt8 {
    if place == window.count { try fill(1) }
    guard budget > 0 else { throw tooLong }
    budget -= 1
    place += 1
    return window[place - 1]
  }

  /// Takes bytes, after checking that the source has them.
  mutating func bytes(_ count: Int) throws(CoppiceError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= source.byteCount - offset else { throw cutOff }
    guard count <= budget else { throw tooLong }
    if window.count - place < count { try fill(count) }
    budget -= count
    place += count
    return window[(place - count)..<place]
  }

  /// Reads a non-negative little-endian integer of `count` bytes.
  mutating func integer(_ count: Int) throws(CoppiceError) -> Int {
    let bytes = try bytes(count)
    let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let number = Int(exactly: value) else { throw cutOff }
    return number
  }

  /// Reads a line without its end.
  mutating func line() throws(CoppiceError) -> [UInt8] {
    var line: [UInt8] = []
    while true {
      let byte = try byte()
      if byte == 0x0A { return line }
      line.append(byte)
    }
  }

  /// Moves the window so that it has at least `count` bytes from the current offset on.
  private mutating func fill(_ count: Int) throws(CoppiceError) {
    let start = offset
    let available = source.byteCount - start
    guard count <= available else { throw cutOff }
    let size = min(max(count, Self.windowBytes), available)
    var bytes = [UInt8](repeating: 0, count: size)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try source.read(at: start, into: &target)
    window = bytes
    windowStart = start
    place = 0
  }

  private var cutOff: CoppiceError {
    CoppiceError(
      .pytorchPickle, "the pickle ends too soon; the file is damaged, so copy it again",
      at: .init(offset: offset))
  }

  private var tooLong: CoppiceError {
    CoppiceError(
      .pytorchLimit, "the pickle is longer than any that is read here", at: .init(offset: offset))
  }
}
