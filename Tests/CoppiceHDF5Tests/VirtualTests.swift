import CoppiceHDF5
import Testing

struct VirtualTests {
  let scratch = Scratch()

  private func writeShards() throws {
    for shard in 0..<2 {
      let file = try File(creatingAt: scratch.file("arrays.\(shard + 1).h5"))
      let root = try file.root()
      try root.createDataset("%shards/0/\(shard)", type: .float32(), dimensions: [2, 2])
        .write([UInt8](of: (0..<4).map { Float(shard * 10 + $0) }))
    }
  }

  private var mappings: [VirtualMapping] {
    (0..<2).map { shard in
      VirtualMapping(
        box: Box(offset: [0, UInt64(2 * shard)], shape: [2, 2]),
        sourceFile: "arrays.\(shard + 1).h5", sourcePath: "/%%shards/0/\(shard)")
    }
  }

  private func writeView(columns: UInt64 = 4) throws {
    let file = try File(creatingAt: scratch.file("arrays.h5"))
    _ = try file.root().createVirtualDataset(
      "p/w", type: .float32(), dimensions: [2, columns], mappings: mappings,
      fill: [UInt8](of: [Float.nan]))
  }

  @Test func mappingsAreReadBackWithoutTheSources() throws {
    try writeView()
    let file = try File(readingFrom: scratch.file("arrays.h5"))
    let dataset = try file.root().openDataset("p/w")
    #expect(try dataset.layout() == .virtual)
    #expect(try dataset.virtualMappings() == mappings)
    #expect(try dataset.extent().dimensions == [2, 4])
    #expect(try dataset.fillValue() == [UInt8](of: [Float.nan]))
    #expect(try dataset.contiguousExtent() == nil)
    #expect(throws: HDF5Error.self) { try dataset.virtualMappings(limit: 1) }
    #expect(throws: HDF5Error.self) { try dataset.bytes(count: 32) }
  }

  @Test(.enabled(if: hasDump)) func otherToolsReadThroughTheView() throws {
    try writeShards()
    try writeView(columns: 5)
    #expect(
      dumpedValues(scratch.file("arrays.h5"), "/p/w") == "0,1,10,11,nan,2,3,12,13,nan")
  }

  @Test func boxesOfSourcesAreKept() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let mapping = VirtualMapping(
      box: Box(offset: [1], shape: [6]), sourceFile: ".", sourcePath: "/x",
      sourceDimensions: [4, 5], sourceBox: Box(offset: [1, 2], shape: [2, 3]))
    let dataset = try file.root().createVirtualDataset(
      "v", type: .float64(), dimensions: [8], mappings: [mapping])
    #expect(try dataset.virtualMappings() == [mapping])
    #expect(try dataset.fillValue() == nil)
  }

  @Test func scalarsAreMapped() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let mapping = VirtualMapping(
      box: Box(offset: [], shape: []), sourceFile: "b.h5", sourcePath: "/x")
    let dataset = try file.root().createVirtualDataset(
      "v", type: .float64(), dimensions: [], mappings: [mapping])
    #expect(try dataset.virtualMappings() == [mapping])
    #expect(try dataset.extent().dimensions == [])
  }

  @Test func refusesMappingsThatCannotBe() throws {
    let file = try File(creatingAt: scratch.file("a.h5"))
    let root = try file.root()
    let box = Box(offset: [0], shape: [4])
    for mapping in [
      VirtualMapping(box: Box(offset: [6], shape: [4]), sourceFile: "f", sourcePath: "p"),
      VirtualMapping(
        box: box, sourceFile: "f", sourcePath: "p", sourceDimensions: [4],
        sourceBox: Box(offset: [1], shape: [3])),
      VirtualMapping(box: box, sourceFile: "f\0", sourcePath: "p"),
    ] {
      #expect(throws: HDF5Error.self) {
        _ = try root.createVirtualDataset(
          "v", type: .float64(), dimensions: [8], mappings: [mapping])
      }
    }
    #expect(throws: HDF5Error.self) {
      _ = try root.createVirtualDataset(
        "v", type: .float64(), dimensions: [8],
        mappings: [VirtualMapping(box: box, sourceFile: "f", sourcePath: "p")], fill: [0])
    }
    #expect(try root.links().isEmpty)
  }
}
