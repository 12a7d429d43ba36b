import CoppiceDigest
import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import CoppiceZarr
import Testing

@testable import CoppiceOrbax

/// The small databases that TensorStore wrote.
private let stores = StoreFixtures(of: "CoppiceOrbaxTests")

/// Databases that TensorStore wrote: versions, tall trees, odd keys.
@Suite struct OCDBTReadingTests {
  @Test(arguments: stores.cases(["keys"]))
  func findsEveryKeyAndValue(_ fixture: StoreFixtures.Case) throws {
    let prefix = Array(try fixture.text("prefix").utf8)
    let database = try OCDBTDatabase(opening: stores.directory(fixture.store))
    // Once by descending, once through the index that listing everything leaves behind.
    for _ in 0..<2 {
      let keys = try database.keys(under: prefix)
      #expect(keys.count == (try fixture.node["count"]?.int()))
      var content: [UInt8] = []
      for key in keys {
        let value = try #require(try database.value(of: key))
        let bytes = try value.bytes(at: 0, count: value.byteCount)
        for count in [key.count, bytes.count] {
          content += (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        }
        content += key + bytes
      }
      #expect(SHA256.hex(content) == (try fixture.text("sha256")))
      _ = try database.keys(under: [])
    }
  }

  @Test(arguments: stores.cases(["keys"]))
  func findsNoOtherKey(_ fixture: StoreFixtures.Case) throws {
    let database = try OCDBTDatabase(opening: stores.directory(fixture.store))
    for _ in 0..<2 {
      for key in try database.keys(under: []) {
        #expect(try database.value(of: key) != nil)
        // Each prefix of a key finds it; neighbours that aren't there aren't found.
        let all = Set(try database.keys(under: []))
        for count in 0...key.count {
          let prefix = Array(key[..<count])
          #expect(
            try database.keys(under: prefix)
              == all.filter { $0.starts(with: prefix) }.sorted {
                $0.lexicographicallyPrecedes($1)
              })
        }
        for other in [key + [0], Array(key.dropLast()), key.dropLast() + [(key.last ?? 0) &+ 1]] {
          #expect((try database.value(of: other) != nil) == all.contains(other))
        }
      }
    }
  }

  @Test(arguments: stores.cases(["ocdbt"]))
  func readsTheValuesOfArrays(_ fixture: StoreFixtures.Case) throws {
    let database = try OCDBTDatabase(opening: stores.directory(fixture.store))
    let array = try ZarrArray(opening: fixture.array, in: database, missingChunks: .areErrors)
    #expect(SHA256.hex(try array.load().bytes) == (try fixture.text("sha256")))
    var pieces: [UInt8] = []
    try array.forEachPiece(ofAtMost: 24) { pieces += $0.copied }
    #expect(SHA256.hex(pieces) == (try fixture.text("sha256")))
  }

  @Test func givesTheUnionOfStores() throws {
    let first = try OCDBTDatabase(opening: stores.directory("ocdbt-versions"))
    let second = try OCDBTDatabase(opening: stores.directory("ocdbt-odd-keys"))
    let union = MergedStore([first, second])
    let keys = try union.keys(under: Array("k".utf8))
    #expect(Set(keys) == Set(try first.keys(under: []) + second.keys(under: [])))
    #expect(keys.count == Set(keys).count)
    #expect(try union.value(of: Array("ka".utf8))?.byteCount == 1)
    #expect(try union.value(of: Array("none".utf8)) == nil)
  }
}
