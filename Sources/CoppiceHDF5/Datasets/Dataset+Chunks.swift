import CCoppiceHDF5

extension Dataset {
  /// Stores the bytes of one chunk, which the caller has coded.
  ///
  /// - Parameters:
  ///   - bytes: The coded chunk.
  ///   - offset: The index of the chunk's first element.
  ///   - filterMask: Bit *i* set means that filter *i* was left out.
  package func writeChunk(
    _ bytes: RawSpan, at offset: [UInt64], filterMask: UInt32 = 0
  ) throws(HDF5Error) {
    try checkChunkOffset(offset)
    let id = handle.id
    _ = try HDF5Library.call {
      unsafe offset.withUnsafeBufferPointer { offset in
        unsafe bytes.withUnsafeBytes { bytes in
          unsafe H5Dwrite_chunk(
            id, hid_t(H5P_DEFAULT), filterMask, offset.baseAddress, bytes.count, bytes.baseAddress)
        }
      }
    }
  }

  /// Reads the stored bytes of one chunk, without decoding them.
  ///
  /// - Parameters:
  ///   - offset: The index of the chunk's first element.
  ///   - limit: The most bytes that the chunk may have.
  /// - Returns: The bytes and the mask of filters left out, or `nil` when no such chunk is stored.
  package func readChunk(
    at offset: [UInt64], limit: Int
  ) throws(HDF5Error) -> (bytes: [UInt8], filterMask: UInt32)? {
    try checkChunkOffset(offset)
    let id = handle.id
    let size = try chunkByteCount(at: offset)
    guard size > 0 else { return nil }
    guard let count = Int(exactly: size), count <= limit else {
      throw .refused("readChunk", "a chunk of \(size) bytes is larger than \(limit)")
    }
    var bytes = Array(repeating: UInt8(0), count: count)
    var mask: UInt32 = 0
    _ = try HDF5Library.call {
      unsafe offset.withUnsafeBufferPointer { offset in
        unsafe bytes.withUnsafeMutableBytes { bytes in
          unsafe H5Dread_chunk(
            id, hid_t(H5P_DEFAULT), offset.baseAddress, &mask, bytes.baseAddress)
        }
      }
    }
    return (bytes, mask)
  }

  /// Returns the bytes that a chunk takes; 0 when it isn't stored.
  private func chunkByteCount(at offset: [UInt64]) throws(HDF5Error) -> UInt64 {
    let id = handle.id
    var size: hsize_t = 0
    do {
      _ = try HDF5Library.call {
        unsafe offset.withUnsafeBufferPointer { offset in
          unsafe H5Dget_chunk_storage_size(id, offset.baseAddress, &size)
        }
      }
    } catch {
      // Before 1.12 this is an error, which only its message distinguishes from others.
      guard error.frames.last?.message == "chunk storage is not allocated" else { throw error }
      return 0
    }
    return size
  }

  /// Checks that an offset has the dataset's rank and begins a chunk.
  ///
  /// libhdf5 reads as many numbers as the dataset has dimensions, and checks only that they are
  /// inside the extent and, in some calls, that they begin a chunk.
  private func checkChunkOffset(_ offset: [UInt64]) throws(HDF5Error) {
    guard case .chunked(let shape, _) = try layout() else {
      throw .refused("chunk", "the dataset has no chunks")
    }
    guard case .simple(let dimensions, _) = try extent(), dimensions.count == shape.count,
      offset.count == shape.count
    else { throw .refused("chunk", "the offset has another rank than the dataset") }
    for (start, (extent, step)) in zip(offset, zip(dimensions, shape)) {
      guard step > 0, start < extent, start % step == 0 else {
        throw .refused("chunk", "\(offset) is not where a chunk begins")
      }
    }
  }
}
