/// The chunk indexes of data layout messages of versions 4 and 5, as the HDF5 file format
/// specification lays them out.
///
/// libhdf5 before 2.0 refuses version 5, in which the sizes of filtered chunks take eight bytes.
package struct ChunkIndex {
  /// The kinds of index, by their numbers in the message.
  private enum Kind: UInt8 { case single = 1, implicit, fixedArray, extensibleArray, tree }

  let isFiltered: Bool
  /// Whether only libhdf5 2.0 and later read the message.
  let isNewest: Bool
  /// The bytes of a chunk before any filter.
  private let chunkBytes: UInt64
  /// The extents of a chunk, without that of an element.
  let chunk: [UInt64]
  /// The extents of the dataset, and the largest that they may become.
  let dimensions: [UInt64]
  let maximums: [UInt64?]
  private let kind: Kind
  private let address: UInt64
  /// The size and the filter mask of a single chunk that is filtered.
  private var single: (byteCount: UInt64, mask: UInt32)?

  /// The most chunks that are listed.
  var limit: Int
  private var chunks: [Chunk] = []

  /// Reads a layout message; fails unless it has version 4 or 5 and chunks.
  package init?(layout: [UInt8], isFiltered: Bool, _ extent: Extent, limit: Int) {
    guard layout.count > 5, [4, 5].contains(layout[0]), layout[1] == 2,
      case .simple(let dimensions, let maximums) = extent,
      Int(layout[3]) == dimensions.count + 1, (1...8).contains(layout[4])
    else { return nil }
    let width = Int(layout[4])
    var offset = 5
    var extents: [UInt64] = []
    for _ in 0..<layout[3] {
      guard let extent = littleEndian(layout, at: offset, count: width), extent > 0 else {
        return nil
      }
      extents.append(extent)
      offset += width
    }
    guard let chunkBytes = product(extents), offset < layout.count,
      let kind = Kind(rawValue: layout[offset])
    else { return nil }
    offset += 1
    switch kind {
    case .single:
      if layout[2] & 2 != 0 {
        guard let size = littleEndian(layout, at: offset, count: 8),
          let mask = littleEndian(layout, at: offset + 8, count: 4)
        else { return nil }
        single = (size, UInt32(truncatingIfNeeded: mask))
        offset += 12
      }
    case .implicit: break
    case .fixedArray: offset += 1
    case .extensibleArray: offset += 5
    case .tree: offset += 6
    }
    guard let address = littleEndian(layout, at: offset, count: 8) else { return nil }
    self.isFiltered = isFiltered
    isNewest = layout[0] == 5
    self.chunkBytes = chunkBytes
    self.chunk = Array(extents.dropLast())
    self.dimensions = dimensions
    self.maximums = maximums
    self.kind = kind
    self.address = address
    self.limit = limit
  }

  /// Lists the chunks; returns `nil` when the index isn't one, or there are more than the limit.
  package mutating func list(in file: borrowing FileBytes) -> [Chunk]? {
    guard address != .max else { return [] }
    let isRead =
      switch kind {
      case .single:
        append(
          address, single?.byteCount ?? chunkBytes, single?.mask ?? 0,
          at: dimensions.map { _ in 0 }, in: file)
      case .implicit: false
      case .fixedArray: listFixedArray(at: address, in: file)
      case .extensibleArray: listExtensibleArray(at: address, in: file)
      case .tree: listTree(at: address, in: file)
      }
    guard isRead else { return nil }
    return chunks.sorted { $0.offset.lexicographicallyPrecedes($1.offset) }
  }

  /// Appends a chunk, unless it lies beyond the extents; returns `false` beyond the limit.
  private mutating func append(
    _ address: UInt64, _ byteCount: UInt64, _ mask: UInt32, at offset: [UInt64],
    in file: borrowing FileBytes
  ) -> Bool {
    guard chunks.count < limit, let position = file.offset(of: address) else { return false }
    guard zip(offset, dimensions).allSatisfy({ $0 < $1 }) else { return true }
    chunks.append(
      Chunk(
        offset: offset, filterMask: mask, range: FileRange(offset: position, byteCount: byteCount)))
    return true
  }

  /// Appends the chunk that an element of an array or a tree's record describes: an address and, if
  /// it is filtered, a size and a mask.
  mutating func append(
    _ bytes: [UInt8], at place: Int, sizeWidth: Int, offset: [UInt64], in file: borrowing FileBytes
  ) -> Bool {
    guard let address = littleEndian(bytes, at: place, count: 8) else { return false }
    // A chunk that isn't stored.
    if address == .max { return true }
    guard isFiltered else { return append(address, chunkBytes, 0, at: offset, in: file) }
    guard let size = littleEndian(bytes, at: place + 8, count: sizeWidth),
      let mask = littleEndian(bytes, at: place + 8 + sizeWidth, count: 4)
    else { return false }
    return append(address, size, UInt32(truncatingIfNeeded: mask), at: offset, in: file)
  }
}

extension ChunkIndex {
  /// The bytes of an element of an array, of which those between the address and the mask are the
  /// size; `nil` for any other width.
  func sizeWidth(ofElement width: Int) -> Int? {
    guard isFiltered else { return width == 8 ? 0 : nil }
    return (13...20).contains(width) ? width - 12 : nil
  }

  /// Returns the offset of the chunk of a number, in C order over the largest extents with the
  /// unlimited dimension, if there is one, before the others.
  func offset(of number: UInt64) -> [UInt64]? {
    var order = Array(dimensions.indices)
    if let unlimited = maximums.firstIndex(of: nil) {
      order.remove(at: unlimited)
      order.insert(unlimited, at: 0)
    }
    var rest = number
    var offset = dimensions
    for dimension in order.dropFirst().reversed() {
      guard let maximum = maximums[dimension], maximum > 0 else { return nil }
      let count = (maximum - 1) / chunk[dimension] + 1
      offset[dimension] = rest % count * chunk[dimension]
      rest /= count
    }
    guard let first = order.first else { return nil }
    let (start, overflow) = rest.multipliedReportingOverflow(by: chunk[first])
    guard !overflow else { return nil }
    offset[first] = start
    return offset
  }
}

/// Returns the number of bytes that numbers up to a limit take.
func encodedWidth(upTo limit: UInt64) -> Int {
  limit == 0 ? 1 : (UInt64.bitWidth - 1 - limit.leadingZeroBitCount) / 8 + 1
}
