import CoppiceHDF5
import Testing

struct ChunkTests {
  let scratch = Scratch()

  @Test func chunksAreStoredAsGiven() throws {
    let path = scratch.file("a.h5")
    do {
      let file = try File(creatingAt: path)
      do {
        let dataset = try file.root().createDataset(
          "g/x", type: .float32(), dimensions: [5, 4], chunk: [2, 4],
          filters: [.shuffle(width: 4), .zstd(level: 3)])
        try dataset.writeChunk([UInt8](repeating: 7, count: 5).span.bytes, at: [0, 0])
        try dataset.writeChunk(
          [UInt8](repeating: 8, count: 32).span.bytes, at: [4, 0], filterMask: 3)
        try dataset.close()
      }
      try file.close()
    }
    let file = try File(readingFrom: path)
    let dataset = try file.root().openDataset("g/x")
    #expect(
      try dataset.layout()
        == .chunked(shape: [2, 4], filters: [.shuffle(width: 4), .zstd(level: 3)]))
    let chunks = try dataset.chunks(limit: 10)
    #expect(chunks.map(\.offset) == [[0, 0], [4, 0]])
    #expect(chunks.map(\.filterMask) == [0, 3])
    #expect(chunks.map(\.range.byteCount) == [5, 32])
    let bytes = contents(of: path)
    for (chunk, value) in zip(chunks, [UInt8(7), 8]) {
      let start = Int(chunk.range.offset)
      #expect(bytes[start..<start + Int(chunk.range.byteCount)].allSatisfy { $0 == value })
    }
    #expect(try dataset.readChunk(at: [4, 0], limit: 32)?.filterMask == 3)
    #expect(try dataset.readChunk(at: [0, 0], limit: 32)?.bytes == [7, 7, 7, 7, 7])
    #expect(try dataset.readChunk(at: [2, 0], limit: 32) == nil)
    #expect(throws: HDF5Error.self) { try dataset.readChunk(at: [4, 0], limit: 31) }
    #expect(throws: HDF5Error.self) { try dataset.chunks(limit: 1) }
  }

  @Test func refusesOffsetsThatBeginNoChunk() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let dataset = try file.root().createDataset(
      "x", type: .integer(byteCount: 1, isSigned: false), dimensions: [4, 4], chunk: [2, 2],
      filters: [])
    let bytes = [UInt8](repeating: 1, count: 4)
    for offset: [UInt64] in [[1, 0], [0, 4], [0], [], [0, 0, 0], [.max, 0]] {
      #expect(throws: HDF5Error.self) { try dataset.writeChunk(bytes.span.bytes, at: offset) }
      #expect(throws: HDF5Error.self) { try dataset.readChunk(at: offset, limit: 100) }
    }
  }

  @Test func codedChunksAreNotReadByElements() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let dataset = try file.root().createDataset(
      "x", type: .integer(byteCount: 1, isSigned: false), dimensions: [4], chunk: [2],
      filters: [.zstd(level: 1)])
    #expect(throws: HDF5Error.self) { try dataset.bytes(count: 4) }
  }

  /// The B-tree read here and libhdf5's own answers agree.
  @Test(arguments: [1, 2, 511, 513, 4096, 20_000]) func listsManyChunks(count: Int) throws {
    let path = scratch.file("a.h5")
    let file = try File(creatingAt: path)
    let columns = 64
    let rows = (count + columns - 1) / columns
    let dataset = try file.root().createDataset(
      "x", type: .integer(byteCount: 1, isSigned: false),
      dimensions: [UInt64(rows * 2), UInt64(columns * 3)], chunk: [2, 3],
      filters: [.zstd(level: 1)])
    // An order that is neither rising nor falling, sizes that tell the chunks apart.
    var offsets: [[UInt64]] = []
    for index in 0..<count {
      let cell = count == 1 ? 0 : index * 7919 % count
      let offset = [UInt64(cell / columns * 2), UInt64(cell % columns * 3)]
      offsets.append(offset)
      try dataset.writeChunk(
        [UInt8](repeating: UInt8(cell % 251), count: 1 + cell % 40).span.bytes, at: offset,
        filterMask: UInt32(cell % 2))
    }
    try file.flush()
    let chunks = try dataset.chunks(limit: count)
    #expect(chunks.count == count)
    #expect(Set(chunks.map(\.offset)) == Set(offsets))
    let bytes = contents(of: path)
    for (index, chunk) in chunks.enumerated() {
      let cell = Int(chunk.offset[0]) / 2 * columns + Int(chunk.offset[1]) / 3
      #expect(cell == index)
      #expect(chunk.range.byteCount == UInt64(1 + cell % 40))
      #expect(chunk.filterMask == UInt32(cell % 2))
      #expect(bytes[Int(chunk.range.offset)] == UInt8(cell % 251))
    }
  }
}
