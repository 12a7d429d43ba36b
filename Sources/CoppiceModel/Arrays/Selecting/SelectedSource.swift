extension ArraySource {
  /// Returns the selected part as an array of its own, of which nothing is read yet.
  ///
  /// Reading it reads the bytes of the smallest box around the part; where a step passes over more
  /// than a page, it reads each index by itself.
  ///
  /// - Throws: `usage.slice` when the selection doesn't fit the shape.
  public func selecting(_ selection: ArraySelection) throws(CoppiceError) -> any ArraySource {
    try SelectedSource(self, selection.dimensions(of: shape))
  }
}

/// A part of an array by index, slice and step, as an array of its own.
struct SelectedSource: ArraySource {
  private let base: any ArraySource
  private let selected: [SelectedDimension]
  let shape: Shape

  var dtype: DType { base.dtype }

  /// The most bytes of the array that are read around some elements.
  private static let windowBytes = 1 << 20
  /// The bytes that are read rather than passed over: the system reads a page anyway.
  private static let gapBytes = 4096

  init(_ base: any ArraySource, _ selected: [SelectedDimension]) throws(CoppiceError) {
    (self.base, self.selected) = (base, selected)
    guard let shape = Shape(selected.filter { !$0.isRemoved }.map(\.count)) else {
      throw .outOfMemory(byteCount: .max)
    }
    self.shape = shape
  }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    guard range.shape.elementCount > 0 else { return }
    var kept = zip(range.offset, range.shape.dimensions).makeIterator()
    let positions = selected.map { dimension in
      dimension.isRemoved ? 0..<1 : kept.next().map { $0..<($0 + $1) } ?? 0..<0
    }
    var next = 0
    try read(positions, &next, &bytes)
  }

  /// Reads the elements at some positions of each dimension, in C order.
  private func read(
    _ positions: [Range<Int>], _ next: inout Int, _ bytes: inout MutableRawSpan
  ) throws(CoppiceError) {
    let ranges = zip(selected, positions).map { $0.range($1) }
    let isPlain = zip(selected, positions).allSatisfy { $0.isPlain || $1.count == 1 }
    if isPlain {
      let count = positions.reduce(dtype.width) { $0 * $1.count }
      var part = bytes._mutatingExtracting(next..<(next + count))
      try base.read(try box(ranges), into: &part)
      next += count
      return
    }
    if let (dimension, count) = division(positions, ranges) {
      let all = positions[dimension]
      for first in stride(from: all.lowerBound, to: all.upperBound, by: count) {
        var some = positions
        some[dimension] = first..<min(first + count, all.upperBound)
        try read(some, &next, &bytes)
      }
      return
    }
    let around = try box(ranges)
    let window = try NDArray(dtype: dtype, shape: around.shape) {
      (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try base.read(around, into: &bytes)
    }
    window.withBytes { source in
      gather(0, positions, ranges, from: source, at: 0, &next, &bytes)
    }
  }

  private func box(_ ranges: [Range<Int>]) throws(CoppiceError) -> ArrayBox {
    guard let shape = Shape(ranges.map(\.count)),
      let box = ArrayBox(offset: ranges.map(\.lowerBound), shape: shape)
    else { throw .outOfMemory(byteCount: .max) }
    return box
  }

  /// Returns the dimension along which the positions are divided, and the number that are read at once:
  /// one where the step is long, or as many as fit in the window.
  private func division(
    _ positions: [Range<Int>], _ ranges: [Range<Int>]
  ) -> (dimension: Int, count: Int)? {
    guard let first = positions.indices.first(where: { positions[$0].count > 1 }) else {
      return nil
    }
    let inner = ranges[(first + 1)...].reduce(dtype.width) { $0 * $1.count }
    let step = abs(selected[first].step)
    // The bytes from one index to the next in the whole array, as most files have it.
    let row = base.shape.dimensions[(first + 1)...].reduce(dtype.width, *)
    let gap = (step - 1).multipliedReportingOverflow(by: row)
    if gap.overflow || gap.partialValue > Self.gapBytes { return (first, 1) }
    let count = max(Self.windowBytes / (inner * step), 1)
    return count < positions[first].count ? (first, count) : nil
  }

  /// Copies the elements of a window that are selected.
  private func gather(
    _ dimension: Int, _ positions: [Range<Int>], _ ranges: [Range<Int>], from window: RawSpan,
    at place: Int, _ next: inout Int, _ bytes: inout MutableRawSpan
  ) {
    guard dimension < positions.count else {
      let start = place * dtype.width
      bytes.copy(from: window.extracting(start..<(start + dtype.width)), at: next)
      next += dtype.width
      return
    }
    for position in positions[dimension] {
      let index = selected[dimension].index(position) - ranges[dimension].lowerBound
      gather(
        dimension + 1, positions, ranges, from: window,
        at: place * ranges[dimension].count + index, &next, &bytes)
    }
  }
}
