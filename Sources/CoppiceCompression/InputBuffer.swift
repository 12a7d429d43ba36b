import CoppiceModel

/// Coded bytes waiting to be decoded: a stretch of the stream below.
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

  /// Lends the bytes that are waiting.
  func withWaiting<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(bytes.span.extracting(start..<end))
  }

  /// Takes bytes off the front.
  mutating func consume(_ count: Int) { start = min(start + count, end) }

  /// Reads on when nothing waits; afterwards the buffer is empty only at the end of the stream.
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
