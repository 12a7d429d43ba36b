import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

/// The grid of a dataset's chunks, with the location of each stored cell in the file.
struct HDF5ChunkGrid: Sendable {
  /// A stored chunk.
  struct Place: Hashable, Sendable {
    var cell: Int
    var offset: Int
    var byteCount: Int
    var filterMask: UInt32
  }

  /// The array's extents, and those of a chunk.
  let shape: Shape
  let chunkShape: Shape
  /// The number of cells along each dimension.
  let counts: [Int]
  /// The number of cells.
  let cellCount: Int
  /// The stored chunks by cell.
  private let places: [Place]

  /// The most cells that aren't stored.
  private static let maximumEmptyCells = 1 << 22

  /// Makes a grid.
  ///
  /// - Parameter inner: The extents of an element that is an array itself; a chunk has all of them.
  /// - Throws: `hdf5.chunks` when the chunks contradict the shape; `hdf5.limit`.
  init(
    shape: Shape, chunk: [UInt64], chunks: [Chunk], inner: [Int]
  ) throws(CoppiceError) {
    let extents = chunk.compactMap { Int(exactly: $0) }
    guard extents.count == chunk.count, !extents.contains(0),
      let chunkShape = Shape(extents + inner),
      chunkShape.rank == shape.rank
    else { throw Self.contradiction("chunks of \(chunk) don't fit an array of \(shape)") }
    self.shape = shape
    self.chunkShape = chunkShape
    counts = zip(shape.dimensions, chunkShape.dimensions).map { $0 > 0 ? ($0 - 1) / $1 + 1 : 0 }
    cellCount = Shape(counts)?.elementCount ?? .max
    guard cellCount - min(chunks.count, cellCount) <= Self.maximumEmptyCells else {
      throw CoppiceError(
        .hdf5Limit,
        "nearly all of an array of \(shape) is stored nowhere; at most \(Self.maximumEmptyCells) chunks "
          + "that hold nothing are read of a dataset")
    }
    var places: [Place] = []
    places.reserveCapacity(chunks.count)
    for chunk in chunks {
      guard chunk.offset.count + inner.count == shape.rank else {
        throw Self.contradiction("a chunk has another rank than the array")
      }
      // A dataset that has shrunk may keep chunks beyond its extent.
      guard let place = try Self.place(chunk, shape, extents, counts) else { continue }
      places.append(place)
    }
    places.sort { $0.cell < $1.cell }
    for (place, next) in zip(places, places.dropFirst()) where place.cell == next.cell {
      throw Self.contradiction("two chunks lie at one place of the array")
    }
    self.places = places
  }

  private static func place(
    _ chunk: Chunk, _ shape: Shape, _ extents: [Int], _ counts: [Int]
  ) throws(CoppiceError) -> Place? {
    var cell = 0
    for (dimension, start) in chunk.offset.enumerated() {
      guard let start = Int(exactly: start), start % extents[dimension] == 0 else {
        throw contradiction("a chunk begins at \(chunk.offset)")
      }
      guard start < shape.dimensions[dimension] else { return nil }
      cell = cell * counts[dimension] + start / extents[dimension]
    }
    guard let offset = Int(exactly: chunk.range.offset),
      let byteCount = Int(exactly: chunk.range.byteCount)
    else { throw contradiction("a chunk lies outside the file") }
    return Place(
      cell: cell, offset: offset, byteCount: byteCount, filterMask: chunk.filterMask)
  }

  private static func contradiction(_ message: String) -> CoppiceError {
    CoppiceError(.hdf5Chunks, message + "; the file is damaged")
  }

  /// The number of cells that are stored.
  var storedCount: Int { places.count }

  /// The total size of the stored chunks in the file.
  var storedBytes: Int {
    places.reduce(0) { sum, place in
      let (next, overflow) = sum.addingReportingOverflow(place.byteCount)
      return overflow ? .max : next
    }
  }

  /// The most bytes of a stored chunk.
  var largestByteCount: Int { places.lazy.map(\.byteCount).max() ?? 0 }

  /// Returns the location of a cell; `nil` when it isn't stored.
  func place(_ cell: Int) -> Place? {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle].cell < cell { low = middle + 1 } else { high = middle }
    }
    return low < places.count && places[low].cell == cell ? places[low] : nil
  }

  /// Returns the box of the array that a cell holds.
  func box(_ cell: Int) -> ArrayBox? {
    var (rest, offset, extents) = (cell, chunkShape.dimensions, chunkShape.dimensions)
    for dimension in counts.indices.reversed() {
      let start = rest % counts[dimension] * chunkShape.dimensions[dimension]
      rest /= counts[dimension]
      offset[dimension] = start
      extents[dimension] = min(
        chunkShape.dimensions[dimension], shape.dimensions[dimension] - start)
    }
    return Shape(extents).flatMap { ArrayBox(offset: offset, shape: $0) }
  }

  /// Returns the cells that overlap a box of the array, in order.
  func cells(in box: ArrayBox) -> some Sequence<Int> {
    let first = (0..<box.rank).map { box.offset[$0] / chunkShape.dimensions[$0] }
    let last = (0..<box.rank).map { (box.end($0) - 1) / chunkShape.dimensions[$0] }
    return sequence(state: box.shape.elementCount > 0 ? first : nil) { [counts] index in
      guard var next = index else { return nil }
      let cell = zip(next, counts).reduce(0) { $0 * $1.1 + $1.0 }
      var dimension = next.count
      index = nil
      while dimension > 0 {
        dimension -= 1
        next[dimension] += 1
        if next[dimension] <= last[dimension] {
          index = next
          break
        }
        next[dimension] = first[dimension]
      }
      return cell
    }
  }
}
