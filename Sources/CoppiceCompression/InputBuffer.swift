import CoppiceModel

/// A buffer of coded bytes that were read from the stream below and have yet to be decoded.
struct InputBuffer {
  private let below: any ByteStream
  private var bytes: [UInt8]
  private var start = 0
  private var end = 0

  /// Makes a buffer.
  init(_ below: any ByteStream, capacity: Int) {
    self.below = below
    self.bytes = [UInt8](repeating: 0, count: max(capacity, 1))
  }

  var isEmpty: Bool { start == end }

  /// Passes the bytes that have yet to be decoded to a closure.
  func withWaiting<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(bytes.span.extracting(start..<end))
  }

  /// Removes bytes from the front.
  mutating func consume(_ count: Int) { start = min(start + count, end) }

  /// Reads more bytes if the buffer is empty; it stays empty only at the end of the stream.
  mutating func fill() throws(CoppiceError) {
    guard isEmpty else { return }
    start = 0
    end = 0
    let below = below
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    end = try below.read(into: &target)
  }
}
