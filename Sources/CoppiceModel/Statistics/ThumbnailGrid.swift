/// The cells of a thumbnail: an array as a matrix, whose rows and columns are gathered in bands.
struct ThumbnailGrid: Sendable {
  /// The extents of the matrix.
  let height: Int
  let width: Int
  /// The extents of the thumbnail.
  let rows: Int
  let columns: Int

  /// Makes the grid of an array; `nil` for one without dimensions or elements.
  init?(of shape: Shape, extent: Int) {
    guard let last = shape.dimensions.last, shape.elementCount > 0, extent > 0 else { return nil }
    (height, width) = (shape.elementCount / last, last)
    (rows, columns) = (min(height, extent), min(width, extent))
  }

  /// The sums before any element is added.
  var emptyPool: ThumbnailPool { ThumbnailPool(self) }

  /// Returns the band of a row or column.
  static func band(_ index: Int, of extent: Int, in bands: Int) -> Int {
    Int(Int128(index) * Int128(bands) / Int128(extent))
  }

  /// Returns the index after the last one of a band.
  static func end(_ band: Int, of extent: Int, in bands: Int) -> Int {
    Int((Int128(band + 1) * Int128(extent) + Int128(bands - 1)) / Int128(bands))
  }
}

/// The sums and numbers of the finite elements in the cells of a thumbnail.
struct ThumbnailPool: Sendable {
  private let grid: ThumbnailGrid
  private var sums: [Double]
  private var counts: [Int]

  init(_ grid: ThumbnailGrid) {
    self.grid = grid
    sums = Array(repeating: 0, count: grid.rows * grid.columns)
    counts = Array(repeating: 0, count: grid.rows * grid.columns)
  }

  /// Adds neighbours in C order.
  ///
  /// - Parameter first: The index of the first of them in the array.
  mutating func add(_ values: Span<Double>, from first: Int) {
    var index = 0
    while index < values.count {
      let (row, column) = (first + index).quotientAndRemainder(dividingBy: grid.width)
      let band = ThumbnailGrid.band(column, of: grid.width, in: grid.columns)
      let end = ThumbnailGrid.end(band, of: grid.width, in: grid.columns)
      let stop = min(index + end - column, values.count)
      let cell =
        ThumbnailGrid.band(row, of: grid.height, in: grid.rows) * grid.columns + band
      var (sum, count) = (0.0, 0)
      while index < stop {
        let value = values[index]
        if value.isFinite {
          sum += value
          count += 1
        }
        index += 1
      }
      sums[cell] += sum
      counts[cell] += count
    }
  }

  /// Adds the sums of later elements.
  mutating func add(_ other: ThumbnailPool?) {
    guard let other else { return }
    for cell in sums.indices {
      sums[cell] += other.sums[cell]
      counts[cell] += other.counts[cell]
    }
  }

  var thumbnail: Thumbnail {
    Thumbnail(
      rows: grid.rows, columns: grid.columns,
      means: zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : nil })
  }
}
