import CCoppiceBlosc
import CoppiceCompression
import CoppiceModel

/// The content of a frame of c-blosc 1, which is decoded block by block.
///
/// c-blosc decodes whole frames, and trusts their headers with memory. So each block is handed to it
/// in a frame of its own, whose header is made here of checked numbers: memory is that of a block,
/// and no number of the file reaches c-blosc but those inside of a block, which its decoders check.
final class BloscStream: ByteStream {
  private let source: any ByteSource
  private let header: BloscHeader
  /// The beginning of each block in the frame; none in a frame that isn't compressed.
  private let starts: [Int]
  /// The beginnings in ascending order, where the blocks' own isn't: several threads may have
  /// written the frame.
  private let sortedStarts: [Int]?
  /// The number of bytes returned so far.
  private var position = 0
  /// The decoded block of `position`.
  private var block: [UInt8] = []
  private var blockIndex = -1
  private var coded: [UInt8] = []

  /// Reads the header and the table of blocks.
  ///
  /// - Parameter memory: The most bytes that decoding may take.
  /// - Throws: `compression.*`; `zarr.too-large`.
  init(_ source: any ByteSource, memory: Int) throws(CoppiceError) {
    self.source = source
    let header = try BloscHeader(source)
    self.header = header
    guard !header.isStored, header.byteCount > 0 else {
      (starts, sortedStarts) = ([], nil)
      return
    }
    guard header.memory <= memory else {
      throw CoppiceError(
        .zarrTooLarge,
        "decoding a block of \(header.blockBytes) bytes, as blosc has cut the chunk, takes "
          + "\(header.memory) bytes of memory; at most \(memory) are taken")
    }
    let table = try source.bytes(at: BloscHeader.length, count: 4 * header.blockCount)
    let first = BloscHeader.length + table.count
    starts = try (0..<header.blockCount).map { (index) throws(CoppiceError) in
      let start = Int(BloscHeader.word(table, at: 4 * index))
      guard start >= first, start <= header.codedByteCount - 4 else {
        throw BloscHeader.damaged("places block \(index) outside of the data")
      }
      return start
    }
    let isAscending = zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 }
    sortedStarts = isAscending ? nil : Array(Set(starts)).sorted()
  }

  func read(into bytes: inout MutableRawSpan) throws(CoppiceError) -> Int {
    let wanted = min(bytes.byteCount, header.byteCount - position)
    if header.isStored {
      var piece = bytes._mutatingExtracting(first: wanted)
      try source.read(at: BloscHeader.length + position, into: &piece)
      position += wanted
      return wanted
    }
    var done = 0
    while done < wanted {
      let index = position / header.blockBytes
      if index != blockIndex { try decode(index) }
      let start = position - index * header.blockBytes
      let count = min(header.byteCount(of: index) - start, wanted - done)
      bytes.copy(from: unsafe block.span.bytes.extracting(start..<(start + count)), at: done)
      done += count
      position += count
    }
    return done
  }

  /// Returns the end of a block's coded bytes: where the next one begins.
  private func end(of index: Int) -> Int {
    guard let sortedStarts else {
      return index + 1 < starts.count ? starts[index + 1] : header.codedByteCount
    }
    var (low, high) = (0, sortedStarts.count)
    while low < high {
      let middle = (low + high) / 2
      if sortedStarts[middle] <= starts[index] { low = middle + 1 } else { high = middle }
    }
    return low < sortedStarts.count ? sortedStarts[low] : header.codedByteCount
  }

  /// Decodes a block by way of a frame that has it alone.
  private func decode(_ index: Int) throws(CoppiceError) {
    let start = starts[index]
    let count = min(end(of: index) - start, header.mostCodedBlockBytes)
    let byteCount = header.byteCount(of: index)
    let head = header.frame(ofBlock: byteCount, codedByteCount: count)
    // As a local variable the buffer needs no check of exclusive access.
    var frame: [UInt8] = []
    swap(&frame, &coded)
    defer { swap(&frame, &coded) }
    if frame.count < head.count + count {
      frame = [UInt8](repeating: 0, count: head.count + count)
    }
    for (place, byte) in head.enumerated() { frame[place] = byte }
    var span = frame.mutableSpan
    var target = unsafe span.mutableBytes
    var piece = target._mutatingExtracting(head.count..<(head.count + count))
    try source.read(at: start, into: &piece)
    // c-blosc asks for room for a whole block, also where the last one is shorter.
    if block.isEmpty { block = [UInt8](repeating: 0, count: header.blockBytes) }
    blockIndex = -1
    let got = unsafe frame.withUnsafeBytes { source in
      unsafe block.withUnsafeMutableBytes { target in
        unsafe blosc_decompress_ctx(source.baseAddress, target.baseAddress, target.count, 1)
      }
    }
    guard got == byteCount else {
      throw BloscHeader.damaged("has a block \(index) that can't be decoded")
    }
    blockIndex = index
  }
}

/// The header of a frame of c-blosc 1.
struct BloscHeader {
  /// The bytes of a header.
  static let length = 16
  /// The most bytes of a table of blocks.
  private static let mostTableBytes = 32 << 20

  private let flags: UInt8
  private let version: (UInt8, UInt8)
  private let elementBytes: Int
  /// The bytes of the content.
  let byteCount: Int
  /// The bytes of each block's content; the last block may have fewer.
  let blockBytes: Int
  /// The bytes of the frame.
  let codedByteCount: Int

  /// Whether the content follows the header as it is.
  var isStored: Bool { flags & 0x02 != 0 }
  var blockCount: Int { (byteCount + blockBytes - 1) / blockBytes }

  /// The most bytes that a block's coded form has: each of its parts is stored as it is where
  /// compressing doesn't make it smaller.
  var mostCodedBlockBytes: Int { blockBytes + 4 * max(elementBytes, 1) + 64 }

  /// The memory that decoding takes: a block, its coded form, and two of c-blosc's own.
  var memory: Int {
    isStored || byteCount == 0 ? 256 : 4 * blockBytes + 2048 + 24 * blockCount
  }

  /// Reads the header, and checks it against the bytes that there are.
  init(_ source: any ByteSource) throws(CoppiceError) {
    guard source.byteCount >= Self.length else {
      throw CoppiceError(
        .compressionTruncated, "the data end before the header of blosc does; the file is damaged")
    }
    let bytes = try source.bytes(at: 0, count: Self.length)
    version = (bytes[0], bytes[1])
    flags = bytes[2]
    elementBytes = Int(bytes[3])
    byteCount = Int(Self.word(bytes, at: 4))
    blockBytes = Int(Self.word(bytes, at: 8))
    codedByteCount = Int(Self.word(bytes, at: 12))
    guard bytes[0] == 2, flags & 0x08 == 0 else {
      throw Self.damaged("is of version \(bytes[0]), and not of version 2 as those of c-blosc 1")
    }
    guard codedByteCount == source.byteCount else {
      throw CoppiceError(
        codedByteCount > source.byteCount ? .compressionTruncated : .compressionDamaged,
        "the blosc data have \(source.byteCount) bytes, but their header says \(codedByteCount); "
          + "the file is cut or damaged")
    }
    guard byteCount > 0 else { return }
    if isStored {
      guard codedByteCount == byteCount + Self.length else {
        throw Self.damaged("says \(byteCount) bytes of content, which aren't there")
      }
      return
    }
    guard elementBytes > 0, blockBytes > 0, blockBytes <= byteCount, byteCount <= 0x7FFF_FFEF,
      blockCount <= Self.mostTableBytes / 4,
      Self.length + 4 * blockCount <= codedByteCount
    else {
      throw Self.damaged("says \(byteCount) bytes in blocks of \(blockBytes), which can't be")
    }
  }

  /// Returns the number of bytes of a block's content.
  func byteCount(of block: Int) -> Int { min(blockBytes, byteCount - block * blockBytes) }

  /// Returns the header and the table of a frame that has one block.
  func frame(ofBlock byteCount: Int, codedByteCount: Int) -> [UInt8] {
    let first = Self.length + 4
    return [version.0, version.1, flags, UInt8(elementBytes)]
      + [byteCount, blockBytes, first + codedByteCount, first].flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
      }
  }

  static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    bytes[offset..<(offset + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  static func damaged(_ fault: String) -> CoppiceError {
    CoppiceError(.compressionDamaged, "the frame of blosc \(fault); the file is damaged")
  }
}
