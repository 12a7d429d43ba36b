import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

/// The stored chunks of a dataset: their grid, and the location of each in the file.
struct StoredChunks: Sendable {
  /// A stored chunk.
  struct Place: Hashable, Sendable {
    var cell: Int
    var offset: Int
    var byteCount: Int
    var filterMask: UInt32
  }

  let grid: ChunkGrid
  /// The stored chunks by cell.
  private let places: [Place]

  /// The number of bytes of all stored chunks.
  var byteCount: Int { places.reduce(0) { $0 + $1.byteCount } }

  /// The most cells that aren't stored.
  private static let maximumEmptyCells = 1 << 22

  /// Makes the chunks of a dataset.
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
    guard let grid = ChunkGrid(shape: shape, chunk: chunkShape),
      grid.cellCount - min(chunks.count, grid.cellCount) <= Self.maximumEmptyCells
    else {
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
      guard let place = try Self.place(chunk, in: grid) else { continue }
      places.append(place)
    }
    places.sort { $0.cell < $1.cell }
    for (place, next) in zip(places, places.dropFirst()) where place.cell == next.cell {
      throw Self.contradiction("two chunks lie at one place of the array")
    }
    self.grid = grid
    self.places = places
  }

  private static func place(
    _ chunk: Chunk, in grid: ChunkGrid
  ) throws(CoppiceError) -> Place? {
    // The dimensions of an element that is an array itself have one chunk.
    var index = Array(repeating: 0, count: grid.rank)
    for (dimension, start) in chunk.offset.enumerated() {
      let extent = grid.chunk.dimensions[dimension]
      guard let start = Int(exactly: start), start % extent == 0 else {
        throw contradiction("a chunk begins at \(chunk.offset)")
      }
      guard start < grid.shape.dimensions[dimension] else { return nil }
      index[dimension] = start / extent
    }
    guard let offset = Int(exactly: chunk.range.offset),
      let byteCount = Int(exactly: chunk.range.byteCount)
    else { throw contradiction("a chunk lies outside the file") }
    return Place(
      cell: grid.cell(at: index), offset: offset, byteCount: byteCount, filterMask: chunk.filterMask
    )
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

  /// The offset in the file at which the last of the stored chunks ends.
  var end: Int {
    places.lazy.map { $0.offset.addingReportingOverflow($0.byteCount) }
      .map { $0.overflow ? .max : $0.partialValue }.max() ?? 0
  }

  /// Returns the location of a cell; `nil` when it isn't stored.
  func place(_ cell: Int) -> Place? {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle].cell < cell { low = middle + 1 } else { high = middle }
    }
    return low < places.count && places[low].cell == cell ? places[low] : nil
  }
}
