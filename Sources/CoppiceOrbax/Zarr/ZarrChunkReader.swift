import CoppiceCompression
import CoppiceModel

/// The decoded bytes of one chunk, from wherever they come.
final class ZarrChunkReader {
  /// Where the bytes come from.
  enum Content {
    /// The chunk is left out: one element's bytes, or none for zeros.
    case fill([UInt8])
    /// Stored as they are; readable at any place.
    case stored(any ByteSource)
    /// Decoded as they come, forwards only.
    case coded(any ByteStream)
    /// Decoded and repaired before, since they are needed in another order.
    case memory([UInt8])
  }

  let byteCount: Int
  let content: Content
  private let repair: Repair
  private var position = 0

  /// What turns stored elements into the model's.
  enum Repair {
    case none
    /// Big-endian elements, in pieces of so many bytes.
    case swap(Int)
    /// The bits of each byte that count. Old writers left rubbish in the others.
    case mask(UInt8)
  }

  /// Makes a reader of the chunk's `byteCount` bytes.
  init(_ content: Content, byteCount: Int, repair: Repair = .none) {
    self.content = content
    self.byteCount = byteCount
    self.repair = repair
  }

  /// Whether the bytes between two places must be gone through to get from one to the other.
  var isSequential: Bool {
    if case .coded = content { return true }
    return false
  }

  /// Reads from a place on; streams only go forwards.
  func read(
    at offset: Int, into bytes: inout MutableRawSpan, through buffer: inout [UInt8]
  ) throws(CoppiceError) {
    switch content {
    case .fill(let element):
      bytes.fill(with: element)
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

  /// Checks that the chunk has exactly its size, once its last element was read.
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
  /// A stream that ends too soon or too late is a chunk of the wrong size.
  func sized(asChunkOf byteCount: Int) -> CoppiceError {
    guard code == .compressionSize else { return self }
    return CoppiceError(
      .zarrChunkSize, "the chunk's shape takes \(byteCount) bytes, but \(message)")
  }
}

extension MutableRawSpan {
  /// Repeats an element's bytes; zeros where there are none.
  mutating func fill(with element: [UInt8]) {
    guard !element.isEmpty else {
      fill(0, at: 0, count: byteCount)
      return
    }
    let width = element.count
    unsafe withUnsafeMutableBytes { bytes in
      for index in bytes.indices { unsafe bytes[index] = element[index % width] }
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

  /// Turns the bytes of each element round.
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
