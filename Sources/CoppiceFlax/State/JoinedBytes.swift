import CoppiceFiles
import CoppiceModel

/// The concatenation of several byte sources.
struct JoinedBytes: ByteSource {
  private let parts: [any ByteSource]
  /// The offset of each source, then the end of the last one.
  private let starts: [Int]

  init(_ parts: [any ByteSource]) {
    self.parts = parts
    var starts = [0]
    // The sources are disjoint slices of one file, so their sizes can't overflow.
    for part in parts { starts.append((starts.last ?? 0) + part.byteCount) }
    self.starts = starts
  }

  var byteCount: Int { starts.last ?? 0 }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    guard offset >= 0, offset <= byteCount, bytes.byteCount <= byteCount - offset else {
      throw CoppiceError(.ioShortRead, "a read reaches past the end of its range")
    }
    var done = 0
    for (index, part) in parts.enumerated() where done < bytes.byteCount {
      let place = offset + done
      guard place >= starts[index], place < starts[index + 1] else { continue }
      let count = min(bytes.byteCount - done, starts[index + 1] - place)
      var piece = bytes._mutatingExtracting(done..<(done + count))
      try part.read(at: place - starts[index], into: &piece)
      done += count
    }
  }
}
