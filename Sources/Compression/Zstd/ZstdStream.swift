import CZstd
package import CoppiceModel

/// The content of zstd frames, one after the other, with or without their sizes stated.
///
/// libzstd's own bound holds for the window: 128 MiB.
package final class ZstdStream: ByteStream {
  private var input: InputBuffer
  private let context: ZstdContext
  private var isInFrame = false
  private var hasSeenFrame = false

  /// Makes a decoder over coded bytes.
  package init(_ below: any ByteStream, bufferSize: Int) throws(CoppiceError) {
    self.input = InputBuffer(below, capacity: bufferSize)
    self.context = try ZstdContext.take()
  }

  deinit { ZstdContext.giveBack(context) }

  package func read(into bytes: inout MutableRawSpan) throws(CoppiceError) -> Int {
    let wanted = bytes.byteCount
    var done = 0
    while done < wanted {
      try input.fill()
      if input.isEmpty, !isInFrame {
        guard hasSeenFrame else { throw .endsTooSoon("zstd") }
        break
      }
      let (taken, given, result) = step(&bytes, from: done)
      guard ZSTD_isError(result) == 0 else { throw .zstd(result) }
      if input.isEmpty, given == 0, result != 0 { throw .endsTooSoon("zstd") }
      input.consume(taken)
      done += given
      isInFrame = result != 0
      hasSeenFrame = true
    }
    return done
  }

  /// Lets libzstd go on: what it took, what it gave, and its result.
  private func step(
    _ bytes: inout MutableRawSpan, from offset: Int
  ) -> (taken: Int, given: Int, result: Int) {
    input.withWaiting { waiting in
      unsafe waiting.withUnsafeBufferPointer { source in
        unsafe bytes.withUnsafeMutableBytes { target in
          var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
          var to = unsafe ZSTD_outBuffer(
            dst: target.baseAddress, size: target.count, pos: offset)
          let result = unsafe ZSTD_decompressStream(context.pointer, &to, &from)
          return unsafe (from.pos, to.pos - offset, result)
        }
      }
    }
  }
}

extension ZstdStream {
  /// The memory that decoding takes, told from the first bytes of the coded data.
  ///
  /// - Parameter contentSize: The size that the content should have.
  package static func memory(
    forFrameBeginning bytes: RawSpan, contentSize: Int, bufferSize: Int
  ) -> Int {
    // libzstd's own state, its two block buffers, and the window.
    let state = (224 << 10) + min(contentSize, 256 << 10)
    guard let header = ZstdFrameHeader(bytes) else {
      return state + bufferSize + min(contentSize, 8 << 20)
    }
    let window = min(header.windowSize, 1 << 27, max(header.contentSize ?? contentSize, 0))
    return state + bufferSize + window
  }
}

extension CoppiceError {
  static func endsTooSoon(_ codec: String) -> CoppiceError {
    CoppiceError(
      .compressionTruncated, "the \(codec) data end too soon; the file is damaged or incomplete")
  }
}
