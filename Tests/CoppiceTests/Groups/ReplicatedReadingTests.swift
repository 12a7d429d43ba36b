import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Foundation
import Synchronization
import SystemPackage
import Testing

/// Arrays that all ranks request whole: each reads them, or a share of them.
struct ReplicatedReadingTests {
  private typealias Example = GroupExampleTests

  /// A number that belongs to a leaf and a place in it.
  private static func number(_ leaf: Int, _ index: Int) -> Int32 { Int32(leaf * 1_000_003 ^ index) }

  private static func array(_ leaf: Int, _ count: Int) throws -> NDArray {
    try NDArray((0..<count).map { number(leaf, $0) })
  }

  /// More than two pieces of 16 MiB, small arrays before and after it, and one without elements.
  private static let counts = [3, 5 << 20, 0, 7, 300_000, 1]

  private static func tree() throws -> Tree<NDArray> {
    .list(try counts.enumerated().map { .leaf(try array($0, $1)) } + [.value(.int(5))])
  }

  @Test(arguments: [ReplicatedReading.byEach, .broadcast, .automatic])
  func allRanksHaveAllArrays(_ replicated: ReplicatedReading) async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    let tree = try Self.tree()
    try await Checkpoint.save(tree, to: path)
    let loaded = try await Example.run(3) { group in
      try await Checkpoint.load(from: path, replicated: replicated, group: group)
    }
    for found in loaded { #expect(found == tree) }
  }

  /// Boxes beside whole arrays are read by the rank that requests them.
  @Test func boxesAreNotBroadcast() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    try await Example.save(4, to: path)
    let loaded = try await Example.run(2) { group in
      try await Checkpoint.load(
        from: path,
        as: [
          "w": .leaf(.sharded(Example.other, devices: Example.devices(group.rank, of: 2))),
          "step": 0, "b": .leaf(.everything(.array(dtype: .float64))),
        ], replicated: .broadcast, group: group)
    }
    for tree in loaded {
      for held in try tree[leaf: "w"].boxes {
        #expect(try held.array == Example.elements(held.box))
      }
      #expect(try tree[leaf: "b"].boxes[0].array == NDArray([1, 2, 3] as [Double]))
    }
  }

  /// Ranks that request other arrays, or fill them from values of their own, each read theirs.
  @Test func ranksThatRequestOtherArraysEachReadTheirs() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    try await Checkpoint.save(["a": .leaf(try NDArray([1] as [Int32]))] as Tree<NDArray>, to: path)
    let loaded = try await Example.run(2) { group in
      var options = TreeLoadOptions()
      options.missing = .fallback(
        ["b": .leaf(try NDArray([Int32(group.rank)]))] as Tree<NDArray>)
      return try await Checkpoint.load(
        from: path, as: ["a": .asSaved, "b": .asSaved], options: options, replicated: .broadcast,
        group: group)
    }
    for (rank, tree) in loaded.enumerated() {
      #expect(try tree[leaf: "b"] == NDArray([Int32(rank)]))
    }
    let casts = try await Example.run(2) { group in
      try await Checkpoint.load(
        from: path, as: ["a": .array(dtype: group.rank == 0 ? .int32 : .float32)],
        replicated: .broadcast, group: group)
    }
    #expect(try casts.map { try $0[leaf: "a"].dtype } == [.int32, .float32])
  }

  /// One rank reads the damaged array, and all throw.
  @Test func damageIsTheSameErrorOnAllRanks() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    let tree: Tree<NDArray> = .list(try (0..<3).map { .leaf(try Self.array($0, 100_000)) })
    try await Checkpoint.save(tree, to: path)
    let file = path.appending("state/arrays.h5")
    var bytes = try Data(contentsOf: URL(filePath: file.string))
    // Little-endian, of the third array.
    let place = try #require(
      bytes.range(of: withUnsafeBytes(of: Self.number(2, 99_999)) { Data($0) }))
    bytes[place.lowerBound] ^= 1
    try bytes.write(to: URL(filePath: file.string))
    let errors = try await Example.run(3) { group -> CoppiceError? in
      do throws(CoppiceError) {
        _ = try await Checkpoint.load(from: path, replicated: .broadcast, group: group)
        return nil
      } catch {
        return error
      }
    }
    #expect(
      errors.map { $0?.code.rawValue } == Array(repeating: "arrays.digest-mismatch", count: 3))
    // The last rank reads the last array, and no other rank does.
    #expect(errors.allSatisfy { $0?.message.hasPrefix("rank 2 of 3: ") == true })
  }

  // MARK: The choice

  /// A format with four arrays that are slow to read.
  private struct SlowFormat: FormatReader {
    let name = "slow"
    let bytes: Int
    let seconds: Double
    let reads: Reads

    func open(_ path: FilePath, options: OpenOptions) throws(CoppiceError) -> CheckpointInput? {
      let leaf = ArrayLeaf(Source(shape: Shape([bytes])!, seconds: seconds, reads: reads))
      let tree: Tree<ArrayLeaf> = .list(Array(repeating: .leaf(leaf), count: 4))
      return .checkpoint(CheckpointContents(format: name, root: .unnamed(.tree(tree))))
    }
  }

  private final class Reads: Sendable {
    let count = Atomic(0)
  }

  private struct Source: ArraySource {
    var dtype: DType { .uint8 }
    let shape: Shape
    let seconds: Double
    let reads: Reads

    func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
      reads.count.add(1, ordering: .relaxed)
      Thread.sleep(forTimeInterval: seconds)
      bytes.fill(9, at: 0, count: bytes.byteCount)
    }
  }

  /// 4 ranks read 4 arrays of a second each, one each and a sample of another one: reading all would take three seconds
  /// more, and the broadcast takes less.
  /// Where there is less to read than 256 MiB for all ranks together, nothing is measured.
  @Test(arguments: [(17 << 20, 1, 8), (1 << 20, 0.01, 16)])
  func slowArraysAreReadOnce(_ bytes: Int, _ seconds: Double, _ reads: Int) async throws {
    let directory = try TemporaryDirectory()
    let format = SlowFormat(bytes: bytes, seconds: seconds, reads: Reads())
    let loaded = try await Example.run(4) { group in
      try await Checkpoint.load(
        from: directory.path, opening: OpenOptions(formats: FormatReaders([format])), group: group)
    }
    #expect(format.reads.count.load(ordering: .relaxed) == reads)
    for tree in loaded {
      for (_, array) in tree.leaves {
        #expect(array.byteCount == bytes)
        #expect(array.withBytes { $0.unsafeLoad(fromByteOffset: bytes - 1, as: UInt8.self) } == 9)
      }
    }
  }
}
