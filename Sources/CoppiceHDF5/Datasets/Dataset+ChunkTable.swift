import CCoppiceHDF5

extension Dataset {
  /// Returns the stored chunks in libhdf5's order: by offset, in C order.
  ///
  /// In a file that is being written, call `File.flush()` before.
  ///
  /// libhdf5 1.10 finds each chunk by walking all before it, by index as by offset: 44 s for 65,536
  /// chunks. So larger tables are read from the file's own B-tree, where it has one.
  ///
  /// - Throws: When there are more than `limit` chunks, or too many to list within minutes.
  package func chunks(limit: Int) throws(HDF5Error) -> [Chunk] {
    let space = try space()
    guard case .simple(let dimensions, _) = try space.extent() else { return [] }
    let (id, spaceID) = (handle.id, space.id)
    var count: hsize_t = 0
    _ = try HDF5Library.call { unsafe H5Dget_num_chunks(id, spaceID, &count) }
    guard let total = Int(exactly: count), total <= limit else {
      throw .refused("chunks", "\(count) chunks are more than \(limit)")
    }
    if total > Self.walkedChunks,
      let chunks = try chunksOfTree(rank: dimensions.count, count: total)
    {
      guard chunks.count == total else {
        throw .refused("chunks", "the index holds \(chunks.count) chunks instead of \(total)")
      }
      return chunks
    }
    guard total <= Self.listedChunks else {
      throw .refused("chunks", "\(total) chunks under an index that is slow to list")
    }
    var chunks: [Chunk] = []
    chunks.reserveCapacity(total)
    let base = total > 0 ? try missingBase() : 0
    for index in 0..<count {
      var chunk = try chunk(index, space: spaceID, rank: dimensions.count)
      let (offset, overflow) = chunk.range.offset.addingReportingOverflow(base)
      guard !overflow else { throw .refused("chunks", "a chunk lies outside the file") }
      chunk.range.offset = offset
      chunks.append(chunk)
    }
    return chunks
  }

  /// Up to this number, libhdf5 lists the chunks, in about 4 ms.
  private static let walkedChunks = 512
  /// Above this number, libhdf5's quadratic walk takes minutes.
  private static let listedChunks = 1 << 15

  /// Returns the number that turns the addresses of chunks into offsets in the file.
  ///
  /// Before 1.14.4 libhdf5 leaves the user block out for chunks, though not for contiguous data.
  private func missingBase() throws(HDF5Error) -> UInt64 {
    let version = HDF5Library.version
    guard (version.major, version.minor, version.release) < (1, 14, 4) else { return 0 }
    return try FileBytes.of(object: handle.id).userblock
  }

  private func chunk(
    _ index: hsize_t, space: hid_t, rank: Int
  ) throws(HDF5Error) -> Chunk {
    let id = handle.id
    var chunk = Chunk(
      offset: Array(repeating: 0, count: rank), filterMask: 0,
      range: FileRange(offset: 0, byteCount: 0))
    _ = try HDF5Library.call {
      unsafe chunk.offset.withUnsafeMutableBufferPointer { offset in
        unsafe chdf5_d_get_chunk_info(
          id, space, index, offset.baseAddress, &chunk.filterMask, &chunk.range.offset,
          &chunk.range.byteCount)
      }
    }
    return chunk
  }
}
