import CoppiceCompression
package import CoppiceModel

extension ZarrArray {
  /// Reads a box, going through the chunks that share elements with it one by one.
  package func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    precondition(range.isContained(in: shape), "the box must lie inside the array")
    precondition(
      range.shape.elementCount * dtype.width == bytes.byteCount, "the target must fit the box")
    var buffer: [UInt8] = []
    try read(range, into: &bytes, through: &buffer)
  }

  func read(
    _ range: ArrayBox, into bytes: inout MutableRawSpan, through buffer: inout [UInt8]
  ) throws(CoppiceError) {
    for index in grid.indices(sharing: range) {
      guard let box = grid.box(at: index),
        let opened = try open(index, isAlone: true, budget: .max)
      else { break }
      let chunk = ChunkCopyCursor(opened.reader, ChunkRuns(order, of: box, target: range))
      do {
        try chunk.copy(upTo: bytes.byteCount, into: &bytes, base: 0, through: &buffer)
        // Reading the last element also checks the chunk's size.
        if (0..<box.rank).allSatisfy({ box.end($0) <= range.end($0) }) {
          try chunk.finish(through: &buffer)
        }
      } catch {
        throw located(error, index)
      }
    }
  }

  /// Returns an error with the key of the chunk in which it occurred.
  func located(_ error: CoppiceError, _ index: [Int]) -> CoppiceError {
    var error = error
    if error.code == .compressionDamaged, error.location.file == nil {
      error.message += "; copy the chunk again"
    }
    return error.located(file: chunks.place(index))
  }
}

extension ZarrArray {
  /// The bytes of the elements that the value of one key has: a chunk, or a shard of them.
  var storedUnitBytes: Int { metadata.chunkShape.elementCount * dtype.width }
}
