import CCoppiceZlib
package import CoppiceModel

/// The content of deflated data, bare or in a gzip or zlib wrapper, whose checksums zlib checks.
@safe package final class InflateStream: ByteStream {
  /// The wrapper of the deflated data.
  package enum Wrapper: Hashable, Sendable {
    /// RFC 1952; several members may follow one another.
    case gzip
    /// RFC 1950.
    case zlib

    /// RFC 1951 without a wrapper, as in zip archives.
    case none

    /// zlib's number for the wrapper: the window's bits, negative for bare data.
    fileprivate var windowBits: Int32 {
      switch self {
      case .gzip: 15 + 16
      case .zlib: 15
      case .none: -15
      }
    }

    /// The name of such data in messages.
    fileprivate var name: String {
      switch self {
      case .gzip: "gzip"
      case .zlib: "zlib"
      case .none: "deflated"
      }
    }
  }

  private let wrapper: Wrapper
  private var input: InputBuffer
  // zlib's state has a pointer to itself, so it must not move.
  private let state: UnsafeMutablePointer<z_stream>
  private var isInside = true
  private var hasEnded = false

  /// Makes a decoder over coded bytes.
  package init(
    _ below: any ByteStream, _ wrapper: Wrapper, bufferSize: Int
  ) throws(CoppiceError) {
    self.wrapper = wrapper
    self.input = InputBuffer(below, capacity: bufferSize)
    let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe state.initialize(to: z_stream())
    unsafe self.state = state
    let result = unsafe inflateInit2_(
      state, wrapper.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard result == Z_OK else { throw .outOfMemory(byteCount: 1 << 16) }
  }

  deinit {
    unsafe inflateEnd(state)
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
  }

  package func read(into bytes: inout MutableRawSpan) throws(CoppiceError) -> Int {
    let wanted = bytes.byteCount
    var done = 0
    while done < wanted, !hasEnded {
      try input.fill()
      if !isInside {
        guard !input.isEmpty else {
          hasEnded = true
          break
        }
        guard wrapper == .gzip else {
          throw CoppiceError(.compressionDamaged, "bytes follow the \(wrapper.name) data")
        }
        unsafe inflateReset(state)
        isInside = true
      }
      let atEnd = input.isEmpty
      let (taken, given, result) = step(&bytes, from: done)
      input.consume(taken)
      done += given
      switch result {
      case Z_STREAM_END: isInside = false
      case Z_OK: break
      case Z_BUF_ERROR:
        if atEnd, given == 0 { throw .endsTooSoon(wrapper.name) }
      case Z_MEM_ERROR: throw .outOfMemory(byteCount: 1 << 16)
      default: throw damaged(result)
      }
    }
    return done
  }

  /// Calls zlib once; returns the number of bytes it took and gave, and its result.
  private func step(
    _ bytes: inout MutableRawSpan, from offset: Int
  ) -> (taken: Int, given: Int, result: Int32) {
    input.withWaiting { waiting in
      unsafe waiting.withUnsafeBufferPointer { source in
        unsafe bytes.withUnsafeMutableBytes { target in
          // zlib counts in 32 bits, and accepts no null pointer for empty input.
          let room = min(target.count - offset, 1 << 30)
          unsafe state.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
          unsafe state.pointee.avail_in = UInt32(source.count)
          unsafe state.pointee.next_out = target.baseAddress.map {
            unsafe ($0 + offset).assumingMemoryBound(to: UInt8.self)
          }
          unsafe state.pointee.avail_out = UInt32(room)
          let result = unsafe inflate(state, Z_NO_FLUSH)
          return unsafe (
            source.count - Int(state.pointee.avail_in), room - Int(state.pointee.avail_out), result
          )
        }
      }
    }
  }

  private func damaged(_ result: Int32) -> CoppiceError {
    let text = unsafe state.pointee.msg.map { unsafe String(cString: $0) } ?? "code \(result)"
    return CoppiceError(
      .compressionDamaged, "the \(wrapper.name) data are damaged: \(text)")
  }
}
