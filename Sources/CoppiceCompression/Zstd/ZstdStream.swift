import CCoppiceZstd
package import CoppiceModel

/// The content of consecutive zstd frames, with or without stated sizes.
///
/// libzstd's own limit for the window applies: 128 MiB.
package final class ZstdStream: ByteStream {
  private var input: InputBuffer
  private let context: ZstdContext
  private var isInFrame = false
  private var hasSeenFrame = false

  /// The size for which `memory` must hold; `nil` after the window is bounded, or without a bound.
  private var boundedContent: Int?

  /// Makes a decoder over coded bytes.
  ///
  /// - Parameter boundedContent: The content's size, if decoding must not take more memory than
  ///   `memory(forFrameBeginning:contentSize:bufferSize:)` returns.
  package init(
    _ below: any ByteStream, bufferSize: Int, boundedContent: Int? = nil
  ) throws(CoppiceError) {
    self.input = InputBuffer(below, capacity: bufferSize)
    self.boundedContent = boundedContent
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
      boundWindow()
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

  /// Limits later frames to the window of the first one, if the bound assumed that it is the only
  /// one.
  private func boundWindow() {
    guard let content = boundedContent else { return }
    boundedContent = nil
    let header = input.withWaiting { unsafe ZstdFrameHeader($0.bytes) }
    guard let header, header.mayBeWhole(content) else { return }
    var log: Int32 = 10
    while log < 27, 1 << log < header.windowSize { log += 1 }
    unsafe ZSTD_DCtx_setParameter(context.pointer, ZSTD_d_windowLogMax, log)
  }

  /// Calls libzstd once; returns the number of bytes it took and gave, and its result.
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
  /// Returns the memory that decoding takes, judged by the first bytes of the coded data.
  ///
  /// - Parameter contentSize: The size that the content should have; no more is ever decoded.
  package static func memory(
    forFrameBeginning bytes: RawSpan, contentSize: Int, bufferSize: Int
  ) -> Int {
    // libzstd's own state, its buffer of one coded block, and its buffer of decoded bytes. The
    // latter holds the window and two blocks, or the content if that is less.
    let block = 128 << 10
    let header = ZstdFrameHeader(bytes).flatMap { $0.mayBeWhole(contentSize) ? $0 : nil }
    let window = min(header?.windowSize ?? .max, 1 << 27)
    return (94 << 10) + block + min(contentSize, window + 2 * block) + bufferSize
  }
}

extension ZstdFrameHeader {
  /// Returns whether the frame can be the whole of a content.
  fileprivate func mayBeWhole(_ size: Int) -> Bool { contentSize == nil || contentSize == size }
}

extension CoppiceError {
  static func endsTooSoon(_ codec: String) -> CoppiceError {
    CoppiceError(
      .compressionTruncated, "the \(codec) data end too soon; the file is damaged or incomplete")
  }
}
