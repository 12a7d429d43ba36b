import Coppice
import CoppiceHDF5
import CoppiceTestSupport
import Testing

/// The number of calls of libhdf5: each call takes the one lock, and making a dataset takes microseconds.
///
/// In processes of their own, so that no other test is counted.
struct HDF5CallTests {
  /// A tree of so many small arrays.
  static func tree(_ count: Int) throws -> Tree<NDArray> {
    let entries = try (0..<count).map { index in
      Tree<NDArray>.Entry(.string("w\(index)"), .leaf(try NDArray([Float(index), 1])))
    }
    return .dict(entries)
  }

  @Test func smallLeavesTakeNoCallsOfTheirOwn() async {
    await #expect(processExitsWith: .success) {
      let directory = try TemporaryDirectory()
      let tree = try HDF5CallTests.tree(5000)
      let before = HDF5Library.callCount
      try await Checkpoint.save(tree, to: directory.path.appending("c"))
      let calls = HDF5Library.callCount - before
      try #require(calls > 0 && calls < 200, "\(calls) calls")
    }
  }

  /// Twenty arrays below each other's depth: the calls grow with the groups, not with their square.
  @Test func deepTreesTakeCallsForNewGroupsOnly() async {
    await #expect(processExitsWith: .success) {
      let directory = try TemporaryDirectory()
      var calls: [Int] = []
      for depth in [50, 100] {
        var tree = try HDF5CallTests.tree(20)
        for _ in 0..<depth { tree = .dict([.init(.string("x"), tree)]) }
        let before = HDF5Library.callCount
        try await Checkpoint.save(tree, to: directory.path.appending("\(depth)"))
        calls.append(HDF5Library.callCount - before)
      }
      // Fifty groups more: to look for each, to make it, to close it.
      try #require(calls[1] - calls[0] <= 50 * 4, "\(calls) calls")
    }
  }

  @Test func readingTakesNone() async {
    await #expect(processExitsWith: .success) {
      let directory = try TemporaryDirectory()
      let path = directory.path.appending("c")
      try await Checkpoint.save(try HDF5CallTests.tree(10), to: path)
      let before = HDF5Library.callCount
      let loaded = try await Checkpoint.load(from: path)
      let metadata = try await Checkpoint.metadata(at: path)
      try #require(loaded.leafCount == 10 && metadata.content.leafCount == 10)
      try #require(HDF5Library.callCount == before)
    }
  }
}
