import CCoppiceZstd
package import CoppiceModel

/// A decoder of whole zstd data from memory to memory.
package enum ZstdDecompressor {
  /// The widest window that a chunk of the Coppice format may use.
  package static let strictWindow = 8 << 20

  /// Decodes a chunk, with the restrictions of Coppice's format.
  ///
  /// It must be exactly one frame that states its size, needs no dictionary and no window above 8
  /// MiB, and fills the target exactly.
  ///
  /// - Throws: `compression.frame`, `compression.size`, `compression.truncated`,
  ///   `compression.damaged`.
  package static func decompress(
    _ frame: RawSpan, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    guard let header = ZstdFrameHeader(frame) else {
      throw CoppiceError(
        .compressionFrame, "the chunk doesn't begin with the header of a zstd frame")
    }
    guard !header.hasDictionary, header.windowSize <= strictWindow,
      let contentSize = header.contentSize
    else {
      throw CoppiceError(
        .compressionFrame,
        "a chunk's zstd frame must state its size, need no dictionary and no window above 8 MiB")
    }
    guard contentSize == bytes.byteCount else {
      throw CoppiceError(
        .compressionSize,
        "the zstd frame holds \(contentSize) bytes, but the chunk has \(bytes.byteCount)")
    }
    let context = try ZstdContext.take()
    defer { ZstdContext.giveBack(context) }
    let (length, result) = unsafe frame.withUnsafeBytes { source in
      unsafe bytes.withUnsafeMutableBytes { target in
        unsafe (
          ZSTD_findFrameCompressedSize(source.baseAddress, source.count),
          ZSTD_decompressDCtx(
            context.pointer, target.baseAddress, target.count, source.baseAddress, source.count)
        )
      }
    }
    guard ZSTD_isError(length) == 0 else { throw .zstd(length) }
    guard length == frame.byteCount else {
      throw CoppiceError(.compressionFrame, "bytes follow the chunk's zstd frame")
    }
    guard ZSTD_isError(result) == 0 else { throw .zstd(result) }
    guard result == bytes.byteCount else {
      throw .contentTooShort(by: bytes.byteCount - result)
    }
  }

  /// Decodes frames whose content may have any size up to a limit.
  ///
  /// Memory grows with the decoded bytes, not with the size in a header.
  ///
  /// - Throws: `compression.size` when the content has more than `limit` bytes; `compression.*` as
  ///   above.
  package static func decompressAll(
    _ source: any ByteSource, limit: Int
  ) throws(CoppiceError) -> [UInt8] {
    let stream = try ZstdStream(
      SourceStream(source), bufferSize: min(max(source.byteCount, 1), 1 << 20))
    var bytes: [UInt8] = []
    var capacity = min(max(source.byteCount, 1 << 12) * 4, limit)
    while true {
      let done = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: capacity - done))
      var span = bytes.mutableSpan
      var whole = unsafe span.mutableBytes
      var rest = whole._mutatingExtracting(done..<capacity)
      let got = try stream.read(into: &rest)
      if done + got < capacity {
        bytes.removeLast(capacity - done - got)
        return bytes
      }
      guard capacity < limit else {
        try stream.requireEnd()
        return bytes
      }
      capacity = min(capacity, limit / 2) * 2
      if capacity <= bytes.count { capacity = limit }
    }
  }
}
