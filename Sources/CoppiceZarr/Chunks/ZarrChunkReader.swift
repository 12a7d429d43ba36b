import CoppiceCompression
import CoppiceModel

/// A reader of the decoded bytes of one chunk, from any kind of source.
final class ZarrChunkReader {
  /// The source of the bytes.
  enum Content {
    /// A chunk that is left out: one element's bytes, or none for zeros.
    case fill([UInt8])
    /// Uncoded bytes, readable at any offset.
    case stored(any ByteSource)
    /// A stream that decodes on the way, forwards only.
    case coded(any ByteStream)
    /// Bytes that were decoded and repaired before, because they are needed in another order.
    case memory([UInt8])
  }

  let byteCount: Int
  let content: Content
  private let repair: Repair
  private var position = 0

  /// The change that turns stored elements into the model's.
  enum Repair {
    case none
    /// Swaps the bytes of big-endian elements, of this width.
    case swap(Int)
    /// Keeps these bits of each byte. Old writers left arbitrary bits in the others.
    case mask(UInt8)
  }

  /// Makes a reader of the chunk's `byteCount` bytes.
  init(_ content: Content, byteCount: Int, repair: Repair = .none) {
    self.content = content
    self.byteCount = byteCount
    self.repair = repair
  }

  /// Whether the reader must go through the bytes between two offsets to get from one to the other.
  var isSequential: Bool {
    if case .coded = content { return true }
    return false
  }

  /// Reads from an offset on; streams only go forwards.
  func read(
    at offset: Int, into bytes: inout MutableRawSpan, through buffer: inout [UInt8]
  ) throws(CoppiceError) {
    switch content {
    case .fill(let element):
      bytes.fill(with: element, from: offset)
      return
    case .stored(let source):
      try source.read(at: offset, into: &bytes)
    case .memory(let memory):
      bytes.copy(
        from: unsafe memory.span.bytes.extracting(offset..<(offset + bytes.byteCount)), at: 0)
      return
    case .coded(let stream):
      do {
        try stream.skip(offset - position, through: &buffer)
        try stream.readExactly(into: &bytes)
      } catch {
        throw error.sized(asChunkOf: byteCount)
      }
      position = offset + bytes.byteCount
    }
    bytes.repair(repair)
  }

  /// Checks that the chunk has its exact size, after its last element was read.
  func finish(through buffer: inout [UInt8]) throws(CoppiceError) {
    guard case .coded(let stream) = content else { return }
    do {
      try stream.skip(byteCount - position, through: &buffer)
      try stream.requireEnd()
    } catch {
      throw error.sized(asChunkOf: byteCount)
    }
    position = byteCount
  }
}

extension CoppiceError {
  /// Returns the error that the chunk has the wrong size, if a stream ended too soon or too late.
  func sized(asChunkOf byteCount: Int) -> CoppiceError {
    guard code == .compressionSize else { return self }
    return CoppiceError(
      .zarrChunkSize, "the chunk's shape takes \(byteCount) bytes, but \(message)")
  }
}

extension MutableRawSpan {
  /// Repeats an element's bytes, of which `offset` were written before; writes zeros if there are none.
  mutating func fill(with element: [UInt8], from offset: Int) {
    guard !element.isEmpty else {
      fill(0, at: 0, count: byteCount)
      return
    }
    let width = element.count
    unsafe withUnsafeMutableBytes { bytes in
      for index in bytes.indices { unsafe bytes[index] = element[(offset + index) % width] }
    }
  }

  /// Turns stored elements into the model's.
  mutating func repair(_ repair: ZarrChunkReader.Repair) {
    switch repair {
    case .none: break
    case .swap(let width): swapBytes(width: width)
    case .mask(let bits): mask(bits)
    }
  }

  /// Clears the bits of each byte that aren't in the mask.
  mutating func mask(_ bits: UInt8) {
    unsafe withUnsafeMutableBytes { bytes in
      for index in bytes.indices { unsafe bytes[index] &= bits }
    }
  }

  /// Reverses the bytes of each element.
  mutating func swapBytes(width: Int) {
    switch width {
    case 2: swapWords(UInt16.self)
    case 4: swapWords(UInt32.self)
    case 8: swapWords(UInt64.self)
    default: break
    }
  }

  private mutating func swapWords<Word: FixedWidthInteger & BitwiseCopyable>(_: Word.Type) {
    unsafe withUnsafeMutableBytes { bytes in
      let width = MemoryLayout<Word>.size
      for offset in stride(from: 0, through: bytes.count - width, by: width) {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Word.self)
        unsafe bytes.storeBytes(of: word.byteSwapped, toByteOffset: offset, as: Word.self)
      }
    }
  }
}
