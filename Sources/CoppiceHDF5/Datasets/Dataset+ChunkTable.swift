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
    let extent = try space.extent()
    guard case .simple(let dimensions, _) = extent else { return [] }
    var index = try chunkIndex(extent, limit: limit)
    // libhdf5 before 2.0 takes the sizes in such an index for others.
    if let newest = index, newest.isNewest, newest.isFiltered {
      return try list(newest)
    }
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
    if total > Self.walkedChunks, index != nil {
      index?.limit = total
      if let index, let chunks = try? list(index), chunks.count == total { return chunks }
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

  /// Returns the index of a dataset whose layout is of a version since 1.10.
  private func chunkIndex(_ extent: Extent, limit: Int) throws(HDF5Error) -> ChunkIndex? {
    guard case .chunked(_, let filters) = try layout() else { return nil }
    let file = try FileBytes.of(object: handle.id)
    guard file.hasWideAddresses, let header = ObjectHeader(at: try info().address, in: file),
      let layout = header.messages.first(where: { $0.type == 0x08 })
    else { return nil }
    return ChunkIndex(
      layout: layout.body, isFiltered: !filters.isEmpty, extent, limit: limit)
  }

  private func list(_ index: ChunkIndex) throws(HDF5Error) -> [Chunk] {
    var index = index
    guard let chunks = index.list(in: try FileBytes.of(object: handle.id)) else {
      throw .refused("chunks", "the index of chunks is damaged, or lists more than \(index.limit)")
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
