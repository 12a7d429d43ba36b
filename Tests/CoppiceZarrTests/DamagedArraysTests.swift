import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Testing

@testable import CoppiceZarr

/// Metadata, chunks and shards damaged at random, the same way in every run.
@Suite struct DamagedArraysTests {
  static let arrays = [
    ("zarr3", "shard-many"), ("zarr3", "shard-start"), ("zarr3", "checksums"),
    ("zarr3", "transposed"), ("zarr2", "gzip-big-endian"), ("zarr2", "fortran-raw-3d"),
    ("frames", "two-frames"), ("zarr3", "shard-missing"), ("zarr2", "missing-complex"),
    ("zarr3", "scalar"), ("zarr2", "blosc"),
  ]

  @Test(arguments: arrays)
  func neverTraps(_ store: String, _ name: String) throws {
    let directory = try stores.directory(store)
    let whole = try MemoryStore(
      copying: DirectoryStore(directory), under: Array((name + "/").utf8))
    #expect(whole.values.count >= 2)
    let keys = whole.keys(under: [])
    var random = SeededGenerator(seed: 41)
    for round in 0..<200 {
      var damaged = whole
      let key = keys[round % keys.count]
      for _ in 0...(round % 3) { random.damage(&damaged.values[key, default: []]) }
      var limits = ReadLimits()
      // Small enough to keep the test short: chunks that grew are refused.
      limits.chunkBytes = 1 << 20
      limits.workingMemory = round % 2 == 0 ? 1 << 20 : 4096
      do {
        let array = try ZarrArray(
          opening: name, in: damaged, missingChunks: round % 2 == 0 ? .areErrors : .areFill,
          limits: limits)
        guard array.byteCount < 1 << 20 else { continue }
        var count = 0
        try array.forEachPiece(ofAtMost: 100) { count += $0.byteCount }
        #expect(count == array.byteCount)
        _ = try array.load()
      } catch {
        #expect(error.code.isInputFault, "\(error)")
      }
    }
  }
}
