import CCoppiceHDF5

/// The storage layout of a dataset's elements.
package enum DatasetLayout: Hashable, Sendable {
  /// One contiguous range of the file, which `contiguousExtent()` returns.
  case contiguous
  /// The object header, for a few bytes.
  case compact
  /// Chunks: boxes of equal shape, each coded separately.
  case chunked(shape: [UInt64], filters: [Filter])
  /// Boxes of other datasets.
  case virtual
  /// Files outside this one.
  case external(count: Int)
}

extension DatasetCreation {
  /// Returns the storage layout of the elements.
  package func layout() throws(HDF5Error) -> DatasetLayout {
    let id = list.id
    switch layoutClass {
    case H5D_CONTIGUOUS:
      let count = try HDF5Library.call { H5Pget_external_count(id) }
      return count > 0 ? .external(count: Int(count)) : .contiguous
    case H5D_COMPACT: return .compact
    case H5D_CHUNKED:
      return .chunked(shape: try list.chunkShape(), filters: try list.filters())
    case H5D_VIRTUAL: return .virtual
    default: throw .refused("layout", "the dataset's layout is of no known class")
    }
  }
}

extension PropertyList {
  func chunkShape() throws(HDF5Error) -> [UInt64] {
    let id = handle.id
    var shape = Array(repeating: hsize_t(0), count: Dataspace.maximumRank)
    let rank = try HDF5Library.call {
      unsafe shape.withUnsafeMutableBufferPointer { shape in
        unsafe H5Pget_chunk(id, Int32(shape.count), shape.baseAddress)
      }
    }
    return Array(shape.prefix(Int(rank)))
  }

  func filters() throws(HDF5Error) -> [Filter] {
    let id = handle.id
    let count = try HDF5Library.call { H5Pget_nfilters(id) }
    // A filter mask has 32 bits.
    guard count <= 32 else { throw .refused("filters", "\(count) filters are more than 32") }
    var filters: [Filter] = []
    for index in 0..<count { filters.append(try filter(UInt32(index))) }
    return filters
  }

  private func filter(_ index: UInt32) throws(HDF5Error) -> Filter {
    let id = handle.id
    var filter = Filter(identifier: 0)
    // The first call returns the number of values, the second the values.
    for _ in 0..<2 {
      var count = filter.values.count
      guard count <= 1 << 16 else { throw .refused("filters", "a filter has \(count) values") }
      filter.identifier = try HDF5Library.call {
        unsafe filter.values.withUnsafeMutableBufferPointer { values in
          unsafe H5Pget_filter2(
            id, index, &filter.flags, &count, values.baseAddress, 0, nil, nil)
        }
      }
      if count <= filter.values.count { break }
      filter.values = Array(repeating: 0, count: count)
    }
    return filter
  }
}
