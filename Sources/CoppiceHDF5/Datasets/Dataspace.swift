import CCoppiceHDF5

/// An extent with a selection of its elements, as libhdf5 keeps them.
struct Dataspace: ~Copyable, Sendable {
  let handle: Handle<DataspaceKind>

  var id: hid_t { handle.id }

  /// The most dimensions that libhdf5 supports.
  static let maximumRank = 32

  /// Takes ownership of the space that a call returns.
  init(taking open: () -> hid_t) throws(HDF5Error) { handle = try Handle(open) }

  /// Makes a space of a fixed extent; no dimensions means a scalar.
  init(_ dimensions: [UInt64]) throws(HDF5Error) {
    guard dimensions.count <= Self.maximumRank else {
      throw .refused("dataspace", "\(dimensions.count) dimensions are more than 32")
    }
    if dimensions.isEmpty {
      handle = try Handle { H5Screate(H5S_SCALAR) }
    } else {
      handle = try Handle {
        unsafe dimensions.withUnsafeBufferPointer { dimensions in
          unsafe H5Screate_simple(Int32(dimensions.count), dimensions.baseAddress, nil)
        }
      }
    }
  }

  /// Makes a space without elements and without a shape.
  static func null() throws(HDF5Error) -> Dataspace {
    try Dataspace(taking: { H5Screate(H5S_NULL) })
  }

  /// Selects a box in place of the earlier selection.
  func select(_ box: Box) throws(HDF5Error) {
    let id = handle.id
    let rank = try HDF5Library.call { H5Sget_simple_extent_ndims(id) }
    guard box.offset.count == Int(rank), box.shape.count == Int(rank) else {
      throw .refused("select", "the box has another rank than the array")
    }
    guard rank > 0 else { return }
    guard !box.shape.contains(0) else {
      _ = try HDF5Library.call { H5Sselect_none(id) }
      return
    }
    let ones = Array(repeating: hsize_t(1), count: Int(rank))
    _ = try HDF5Library.call {
      unsafe box.offset.withUnsafeBufferPointer { start in
        unsafe ones.withUnsafeBufferPointer { count in
          unsafe box.shape.withUnsafeBufferPointer { block in
            unsafe H5Sselect_hyperslab(
              id, H5S_SELECT_SET, start.baseAddress, nil, count.baseAddress, block.baseAddress)
          }
        }
      }
    }
    // libhdf5 accepts a selection beyond the extent, and fails much later.
    guard try HDF5Library.call({ H5Sselect_valid(id) }) > 0 else {
      throw .refused("select", "the box reaches outside the array")
    }
  }
}

extension Dataspace {
  /// Returns the extent, regardless of the selection.
  func extent() throws(HDF5Error) -> Extent {
    let id = handle.id
    switch HDF5Library.value({ H5Sget_simple_extent_type(id) }) {
    case H5S_NULL: return .null
    case H5S_SCALAR: return .scalar
    case H5S_SIMPLE: break
    default: throw .refused("dataspace", "the dataspace is of no known class")
    }
    let rank = Int(try HDF5Library.call { H5Sget_simple_extent_ndims(id) })
    guard rank <= Self.maximumRank else {
      throw .refused("dataspace", "\(rank) dimensions are more than 32")
    }
    guard rank > 0 else { return .scalar }
    var dimensions = Array(repeating: hsize_t(0), count: rank)
    var maximums = dimensions
    _ = try HDF5Library.call {
      unsafe dimensions.withUnsafeMutableBufferPointer { dimensions in
        unsafe maximums.withUnsafeMutableBufferPointer { maximums in
          unsafe H5Sget_simple_extent_dims(id, dimensions.baseAddress, maximums.baseAddress)
        }
      }
    }
    let unlimited = HDF5Library.value { chdf5_s_unlimited() }
    return .simple(
      dimensions: dimensions, maximums: maximums.map { $0 == unlimited ? nil : $0 })
  }

  /// Returns whether everything is selected, whatever the extent.
  func isAllSelected() -> Bool {
    let id = handle.id
    return HDF5Library.value { H5Sget_select_type(id) } == H5S_SEL_ALL
  }

  /// Returns the selection if it is one contiguous box; `nil` otherwise.
  func selectedBox() throws(HDF5Error) -> Box? {
    let id = handle.id
    let rank = Int(try HDF5Library.call { H5Sget_simple_extent_ndims(id) })
    guard rank <= Self.maximumRank else { return nil }
    guard rank > 0 else {
      // The single element of a scalar.
      return try extent().dimensions == [] ? Box(offset: [], shape: []) : nil
    }
    let zeros = Array(repeating: UInt64(0), count: rank)
    var box = Box(offset: zeros, shape: zeros)
    switch HDF5Library.value({ H5Sget_select_type(id) }) {
    case H5S_SEL_ALL:
      guard let dimensions = try extent().dimensions else { return nil }
      box.shape = dimensions
      return box
    case H5S_SEL_HYPERSLABS: break
    default: return nil
    }
    guard try HDF5Library.call({ H5Sis_regular_hyperslab(id) }) > 0 else { return nil }
    var (stride, count, block) = (zeros, zeros, zeros)
    _ = try HDF5Library.call {
      unsafe box.offset.withUnsafeMutableBufferPointer { start in
        unsafe stride.withUnsafeMutableBufferPointer { stride in
          unsafe count.withUnsafeMutableBufferPointer { count in
            unsafe block.withUnsafeMutableBufferPointer { block in
              unsafe H5Sget_regular_hyperslab(
                id, start.baseAddress, stride.baseAddress, count.baseAddress, block.baseAddress)
            }
          }
        }
      }
    }
    for dimension in 0..<rank {
      // Adjacent blocks form one box; an unlimited count has no end.
      let isRun = count[dimension] == 1 || stride[dimension] == block[dimension]
      let (extent, overflow) = count[dimension].multipliedReportingOverflow(by: block[dimension])
      guard isRun, !overflow, extent != .max, count[dimension] != .max, block[dimension] != .max
      else { return nil }
      box.shape[dimension] = extent
    }
    return box
  }
}
