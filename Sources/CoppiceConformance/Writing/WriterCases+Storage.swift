import CoppiceModel
import CoppiceStorage

/// Cases about the storage of arrays; `expected_writer.py` has the same values.
extension WriterCase {
  static let storage: [WriterCase] = [
    WriterCase("plain", "Leaves with datasets of their own", rules: ["ARR-3", "ARR-43", "MOD-5"]) {
      () throws(CoppiceError) in
      .dict([
        .init("kernel", try leaf(.float32, [3, 5], 1)), .init("bias", try leaf(.bfloat16, [5], 2)),
        .init("step", try leaf(.int64, [], 3)), .init("none", try leaf(.float32, [0, 4], 4)),
      ])
    },
    WriterCase(
      "packed", "Small leaves in shared datasets", rules: ["ARR-8"],
      choose: {
        $0.packing = .init(); $0.packing?.leafCount = 0
      }
    ) { () throws(CoppiceError) in
      .dict([
        .init("a", try leaf(.float32, [7], 5)), .init("b", try leaf(.float32, [2, 2], 6)),
        .init("c", try leaf(.int8, [3], 7)), .init("d", try leaf(.float32, [], 8)),
        .init("e", try leaf(.int8, [100], 9)), .init("f", try leaf(.complex128, [0], 10)),
      ])
    },
    WriterCase(
      "compressed", "Chunks with shuffle and zstd, one that doesn't shrink, and small leaves plain",
      rules: ["ARR-6", "ARR-14", "ARR-15"], choose: { $0.zstdLevel = 3 }
    ) { () throws(CoppiceError) in
      .dict([
        .init("ramp", try ramp(.float32, [32, 40])), .init("bytes", try ramp(.uint8, [5000])),
        .init("noise", try leaf(.float32, [1100], 11)), .init("small", try leaf(.int16, [3], 12)),
      ])
    },
    WriterCase(
      "chunk-grid", "Chunks that reach over the edge", rules: ["ARR-13", "ARR-17"],
      choose: {
        $0.zstdLevel = 1; $0.chunkBytes = 1000
      }
    ) { () throws(CoppiceError) in
      .dict([.init("rows", try ramp(.int32, [67, 19])), .init("line", try ramp(.uint16, [4099]))])
    },
    WriterCase(
      "sharded", "Leaves in four parts each, with a mesh",
      rules: ["SHD-13", "SHD-14", "SHD-2", "ARR-30"],
      choose: { $0.shards = quarters }
    ) { () throws(CoppiceError) in
      .dict([
        .init("w", try leaf(.float32, [6, 9], 13, sharding: mesh)),
        .init("v", try leaf(.int8, [4, 4], 14)), .init("b", try leaf(.float64, [3], 15)),
      ])
    },
    WriterCase(
      "pieces", "Leaves and parts of leaves that are cut, and some that are not",
      rules: ["ARR-44", "ARR-45"],
      choose: {
        $0.pieceBytes = 64
        $0.shards = quarters
        $0.dataFiles = 2
      }
    ) { () throws(CoppiceError) in
      .dict([
        .init("w", try leaf(.float32, [9, 15], 31)), .init("v", try leaf(.int16, [32], 32)),
        .init("z", try leaf(.complex128, [5], 33)), .init("b", try leaf(.uint8, [3], 34)),
      ])
    },
    WriterCase(
      "shardings", "Meshes and devices", rules: ["SHD-2", "SHD-3", "SHD-4", "SHD-5"]
    ) { () throws(CoppiceError) in
      let axes = Sharding(
        axisNames: ["x", "y"], axisSizes: [2, 3], partition: [["x", "y"]],
        devices: [5, 4, 3, 2, 1, 0])
      return .dict([
        .init("mesh", try leaf(.float32, [2, 2], 16, sharding: mesh)),
        .init("devices", try leaf(.float32, [6], 17, sharding: axes)),
        .init("one", try leaf(.float32, [1], 18, sharding: Sharding(device: "cpu:0"))),
        .init("same", try leaf(.float32, [4, 1], 19, sharding: mesh)),
      ])
    },
    WriterCase(
      "multi-file", "Data in three files beside the first", rules: ["ARR-47", "MET-37", "ARR-30"],
      choose: { $0.dataFiles = 3 }
    ) { () throws(CoppiceError) in
      .dict([
        .init("a", try leaf(.float32, [10], 20)), .init("b", try leaf(.uint16, [4, 4], 21)),
        .init("c", try leaf(.float64, [2, 3], 22)), .init("d", try leaf(.bool, [9], 23)),
      ])
    },
    WriterCase(
      "sharded-compressed-multi-file", "Parts of leaves in chunks in several files",
      rules: ["SHD-18", "ARR-11", "ARR-30"],
      choose: {
        $0.shards = quarters
        $0.zstdLevel = 1
        $0.chunkBytes = 700
        $0.dataFiles = 2
      }
    ) { () throws(CoppiceError) in
      .dict([
        .init("w", try ramp(.float32, [33, 40])), .init("v", try leaf(.float16, [50, 50], 24)),
      ])
    },
    WriterCase("dtypes", "Every element type", rules: ["MOD-10", "MOD-12", "ARR-4"]) {
      () throws(CoppiceError) in try allTypes(seed: 100)
    },
    WriterCase(
      "dtypes-packed", "Every element type in shared datasets", rules: ["MOD-10", "ARR-8"],
      choose: {
        $0.packing = .init(); $0.packing?.leafCount = 0
      }
    ) { () throws(CoppiceError) in try allTypes(seed: 200) },
    WriterCase("random-key", "The data of a typed JAX key", rules: ["MOD-14"]) {
      () throws(CoppiceError) in
      .dict([.init("rng", try leaf(.uint32, [3, 2], 25, prng: "threefry2x32"))])
    },
  ]

  private static let mesh = Sharding(
    axisNames: ["data", "model"], axisSizes: [2, 2], partition: [["data"], ["model"]])

  private static func allTypes(seed: UInt64) throws(CoppiceError) -> Node {
    var entries: [Node.Entry] = []
    for (index, dtype) in DType.allCases.enumerated() {
      let node = try leaf(dtype, [2, 11], seed + UInt64(index))
      entries.append(.init(.string(dtype.rawValue), node))
    }
    return .dict(entries)
  }
}
