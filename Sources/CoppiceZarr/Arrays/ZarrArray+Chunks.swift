import CoppiceCompression
import CoppiceModel

extension ZarrArray {
  /// A chunk that is ready to be read, with the memory that reading it takes.
  struct OpenChunk {
    var reader: ZarrChunkReader
    var memory: Int
  }

  /// Returns the size of a stream's buffer of coded bytes: small when many streams are open.
  private func bufferSize(_ source: any ByteSource, isAlone: Bool) -> Int {
    min(max(source.byteCount, 1), isAlone ? 1 << 20 : 32 << 10)
  }

  /// The repair that turns stored elements into the model's.
  private var repair: ZarrChunkReader.Repair {
    if metadata.coding.isBigEndian { return .swap(dtype.swapWidth) }
    return dtype.isBelowByte ? .mask(UInt8((1 << dtype.significantBits) - 1)) : .none
  }

  /// Opens a chunk for reading.
  ///
  /// - Parameter budget: The most memory that it may take.
  /// - Returns: `nil` when it would take more.
  func open(_ index: [Int], isAlone: Bool, budget: Int) throws(CoppiceError) -> OpenChunk? {
    switch try chunks.bytes(index) {
    case .missing: return OpenChunk(reader: try fillReader(index), memory: 512)
    case .stored(let source):
      do {
        return try open(source, isAlone: isAlone, budget: budget)
      } catch {
        throw located(error, index)
      }
    }
  }

  private func open(
    _ source: any ByteSource, isAlone: Bool, budget: Int
  ) throws(CoppiceError) -> OpenChunk? {
    let coding = metadata.coding
    let count = order.chunkBytes
    if coding.codecs.isEmpty, source.byteCount != count {
      throw CoppiceError(
        .zarrChunkSize,
        "the chunk has \(source.byteCount) bytes, but its shape takes \(count); it is damaged, or of "
          + "another array")
    }
    guard order.isC else {
      return try openWhole(source, budget: budget)
    }
    if coding.codecs.isEmpty {
      let reader = ZarrChunkReader(.stored(source), byteCount: count, repair: repair)
      return OpenChunk(reader: reader, memory: 512)
    }
    if coding.isWhole { try checkWhole("whose codecs need all of its bytes") }
    let bufferSize = bufferSize(source, isAlone: isAlone)
    var memory = 0
    if !isAlone {
      memory = try coding.memory(of: source, chunkBytes: count, bufferSize: bufferSize)
      guard memory <= budget else { return nil }
    }
    let stream = try coding.stream(
      over: source, chunkBytes: count, bufferSize: bufferSize, isBounded: !isAlone,
      most: wholeLimit)
    return OpenChunk(
      reader: ZarrChunkReader(.coded(stream), byteCount: count, repair: repair), memory: memory)
  }

  /// Decodes a chunk whose elements are stored in another order than the array's.
  private func openWhole(
    _ source: any ByteSource, budget: Int
  ) throws(CoppiceError) -> OpenChunk? {
    let count = order.chunkBytes
    try checkWhole("whose elements are not in C order")
    guard count <= budget else { return nil }
    let stream = try metadata.coding.stream(
      over: source, chunkBytes: count, bufferSize: bufferSize(source, isAlone: false),
      isBounded: false, most: wholeLimit)
    var bytes: [UInt8] = []
    do {
      bytes = try Self.read(stream, count: count, repair)
      try stream.requireEnd()
    } catch {
      throw error.sized(asChunkOf: count)
    }
    let reader = ZarrChunkReader(.memory(bytes), byteCount: count)
    return OpenChunk(reader: reader, memory: count)
  }

  /// The most bytes of a chunk, or of a block of one, that are held whole.
  var wholeLimit: Int { max(limits.workingMemory, 64 << 20) }

  private func checkWhole(_ reason: String) throws(CoppiceError) {
    guard order.chunkBytes <= wholeLimit else {
      throw CoppiceError(
        .zarrTooLarge,
        "a chunk of \(order.chunkBytes) bytes \(reason) would have to be held whole; at most "
          + "\(wholeLimit) bytes are")
    }
  }

  private static func read(
    _ stream: any ByteStream, count: Int, _ repair: ZarrChunkReader.Repair
  ) throws(CoppiceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try stream.readExactly(into: &target)
    target.repair(repair)
    return bytes
  }

  private func fillReader(_ index: [Int]) throws(CoppiceError) -> ZarrChunkReader {
    switch metadata.fill {
    case .zero: return ZarrChunkReader(.fill([]), byteCount: order.chunkBytes)
    case .element(let bytes):
      return ZarrChunkReader(.fill(bytes), byteCount: order.chunkBytes)
    case .unknown(let text):
      throw CoppiceError(
        .zarrFillValue,
        "the chunk \(chunks.absolute(index)) is left out and holds the fill value \"\(text.printableName)\", which can't be "
          + "expressed as \(dtype)",
        at: .init(file: chunks.place(index)))
    }
  }
}
