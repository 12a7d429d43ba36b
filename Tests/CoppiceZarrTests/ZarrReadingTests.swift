import CoppiceDigest
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import Testing

@testable import CoppiceZarr

/// Arrays that TensorStore and zarr-python wrote, against digests computed from their values.
@Suite struct ZarrReadingTests {
  static let arrays = stores.cases(["files"])

  @Test func findsTheFixtures() {
    #expect(Self.arrays.count >= 50)
  }

  @Test(arguments: arrays)
  func readsTheValues(_ fixture: StoreFixtures.Case) throws {
    let array = try stores.open(fixture)
    #expect(array.dtype.rawValue == (try fixture.text("dtype")))
    #expect(array.shape.dimensions == (try fixture.node["shape"]?.integerColumn()))
    #expect(SHA256.hex(try array.load().bytes) == (try fixture.text("sha256")))
  }

  @Test(arguments: arrays)
  func givesPiecesOfAnySize(_ fixture: StoreFixtures.Case) throws {
    let whole = try stores.open(fixture).load().bytes
    for workingMemory in [nil, 4096, 64] as [Int?] {
      for limit in [1, 24, 100, 1000, 1 << 20] {
        let array = try stores.open(fixture, workingMemory: workingMemory)
        // Data that must be in memory as a whole don't fit the smallest limit, which is an error.
        var pieces: [UInt8] = []
        do {
          try array.forEachPiece(ofAtMost: limit) { piece in
            #expect(piece.byteCount <= max(limit, array.dtype.width))
            pieces += piece.copied
          }
          #expect(pieces == whole)
        } catch {
          #expect(error.code == .zarrTooLarge && workingMemory == 64)
        }
      }
    }
  }

  @Test(arguments: arrays)
  func readsAnyBox(_ fixture: StoreFixtures.Case) throws {
    let array = try stores.open(fixture)
    let whole = try array.load()
    var random = SeededGenerator(seed: UInt64(fixture.array.utf8.count))
    for _ in 0..<20 {
      let ends = array.shape.dimensions.map { extent -> (Int, Int) in
        let first = Int(random.next() % UInt64(extent + 1))
        let second = Int(random.next() % UInt64(extent + 1))
        return (min(first, second), max(first, second))
      }
      let shape = try #require(Shape(ends.map { $0.1 - $0.0 }))
      let box = try #require(ArrayBox(offset: ends.map(\.0), shape: shape))
      let part = try NDArray(dtype: array.dtype, shape: shape) {
        (bytes: inout MutableRawSpan) throws(CoppiceError) in
        try array.read(box, into: &bytes)
      }
      let expected = try NDArray(dtype: array.dtype, shape: shape) {
        (bytes: inout MutableRawSpan) throws(CoppiceError) in
        try whole.read(box, into: &bytes)
      }
      #expect(part.bytes == expected.bytes, "\(box)")
    }
  }

  @Test func givesTheBytesOfAnUncodedArray() throws {
    for (store, name, isUncoded) in [
      ("zarr2", "raw", true), ("zarr3", "raw-whole", true), ("zarr3", "shard-raw-whole", true),
      ("zarr2", "scalar", true), ("zarr2", "fortran-vector", true), ("zarr2", "raw-uneven", false),
      ("zarr2", "big-endian-raw", false), ("zarr3", "int4", false), ("zarr3", "plain", false),
    ] {
      let fixture = try #require(
        Self.arrays.first { $0.store == store && $0.array == name }, "\(name)")
      let array = try stores.open(fixture)
      #expect((array.contiguousBytes != nil) == isUncoded, "\(name)")
      #expect(array.contiguousBytes?.byteCount ?? array.byteCount == array.byteCount)
    }
  }

  @Test func refusesMissingChunksWhereNoneMayBeMissing() throws {
    for fixture in Self.arrays where try fixture.node["missing"]?.string() == "fill" {
      let array = try ZarrArray(
        opening: fixture.array, in: stores.store(fixture), missingChunks: .areErrors)
      let error = #expect(throws: CoppiceError.self) { try array.load() }
      #expect(error?.code == .zarrMissingChunk)
      let place = "stores/\(fixture.store)/\(fixture.array)/"
      #expect(error?.location.file?.hasPrefix(place) == true)
    }
  }
}
