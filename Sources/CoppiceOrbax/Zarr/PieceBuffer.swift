import CoppiceModel

/// The piece that is being put together, in memory that can be written past the page cache.
struct PieceBuffer {
  private let memory: ArrayMemory
  private var count = 0

  init(size: Int) throws(CoppiceError) { memory = try ArrayMemory(byteCount: size) }

  /// How many bytes still fit.
  var room: Int { memory.byteCount - count }

  /// Lets a closure write the next bytes.
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
    try memory.withBytes { (whole) throws(CoppiceError) in
      try body(whole.extracting(first: count))
    }
    count = 0
  }
}
