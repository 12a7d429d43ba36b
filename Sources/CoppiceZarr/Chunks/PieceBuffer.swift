import CoppiceModel

/// The piece that is being filled, in memory that can be written past the page cache.
struct PieceBuffer {
  private let memory: ArrayMemory
  private var count = 0

  init(size: Int) throws(CoppiceError) { memory = try ArrayMemory(byteCount: size) }

  /// The number of bytes that still fit.
  var room: Int { memory.byteCount - count }

  /// Appends bytes that a closure writes.
  mutating func append(
    _ more: Int, _ write: (inout MutableRawSpan) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let start = count
    try memory.withUniqueBytes { (whole: inout MutableRawSpan) throws(CoppiceError) in
      var part = whole._mutatingExtracting(start..<(start + more))
      try write(&part)
    }
    count = start + more
  }

  /// Appends bytes, and passes on each piece that becomes full.
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

  /// Passes on the bytes collected so far.
  mutating func flush(_ body: (RawSpan) throws(CoppiceError) -> Void) throws(CoppiceError) {
    guard count > 0 else { return }
    try memory.withBytes { (whole) throws(CoppiceError) in
      try body(whole.extracting(first: count))
    }
    count = 0
  }
}
