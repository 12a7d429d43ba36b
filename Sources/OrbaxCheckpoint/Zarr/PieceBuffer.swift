import CoppiceModel

/// The piece that is being put together.
struct PieceBuffer {
  private var bytes: [UInt8]
  private var count = 0

  init(size: Int) { bytes = [UInt8](repeating: 0, count: size) }

  /// How many bytes still fit.
  var room: Int { bytes.count - count }

  /// Lets a closure write the next bytes.
  mutating func append(
    _ more: Int, _ write: (inout MutableRawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let start = count
    var span = bytes.mutableSpan
    var whole = unsafe span.mutableBytes
    var part = whole._mutatingExtracting(start..<(start + more))
    try write(&part)
    count = start + more
  }

  /// Adds bytes, handing over pieces as they become full.
  mutating func append(
    _ source: RawSpan, _ body: (RawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    var offset = 0
    while offset < source.byteCount {
      let more = min(room, source.byteCount - offset)
      let part = source.extracting(offset..<(offset + more))
      try append(more) { (bytes: inout MutableRawSpan) in bytes.copy(from: part, at: 0) }
      offset += more
      if room == 0 { try flush(body) }
    }
  }

  /// Hands over what there is.
  mutating func flush(_ body: (RawSpan) throws(CoppiceError) -> Void) throws(CoppiceError) {
    guard count > 0 else { return }
    try body(unsafe bytes.span.bytes.extracting(first: count))
    count = 0
  }
}
