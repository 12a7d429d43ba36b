import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Requests of ranks for trees that aren't quite those that were saved.
struct GroupLoadTests {
  private typealias Example = GroupExampleTests

  private func load(
    _ path: FilePath, as request: @escaping @Sendable (Int) -> Tree<GlobalRequest>,
    _ options: TreeLoadOptions = TreeLoadOptions()
  ) async throws -> [Tree<GlobalArray>] {
    try await Example.run(2) { group in
      try await Checkpoint.load(
        from: path, as: request(group.rank), options: options, group: group)
    }
  }

  private func expectBoxes(_ array: GlobalArray, of rank: Int) throws {
    let wanted = Set(
      try Example.devices(rank, of: 2).map {
        try Example.other.box(of: Example.shape, onDevice: $0)
      })
    #expect(Set(array.boxes.map(\.box)) == wanted)
    for held in array.boxes { #expect(try held.array == Example.elements(held.box)) }
    #expect(array.shape == Example.shape)
    #expect(array.sharding == Example.other)
  }

  @Test func aRenamedLeafIsAskedForByASharding() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    try await Example.save(4, to: path)
    let options = TreeLoadOptions(
      transforms: [.rename(from: "w", to: "params/weight"), .drop([try PathGlob("b")])])
    let trees = try await load(
      path,
      as: { rank in
        [
          "step": .leaf(.everything(.asSaved)),
          "params": [
            "weight": .leaf(.sharded(Example.other, devices: Example.devices(rank, of: 2)))
          ],
        ]
      }, options)
    for (rank, tree) in trees.enumerated() {
      try expectBoxes(try tree[leaf: "params/weight"], of: rank)
    }
  }

  /// Children of containers of other kinds match by name, and so do their boxes.
  @Test func aLeafOfAnotherContainerIsAskedForByASharding() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    let whole = try Example.elements(ArrayBox(whole: Example.shape))
    try await Checkpoint.save(
      .list([.leaf(whole), .leaf(try NDArray([1] as [Int32]))]) as Tree<NDArray>, to: path)
    let trees = try await load(path) { rank in
      .dict([
        .init("0", .leaf(.sharded(Example.other, devices: Example.devices(rank, of: 2)))),
        .init("1", .leaf(.boxes(rank == 0 ? [] : [ArrayBox(whole: [1])]))),
      ])
    }
    for (rank, tree) in trees.enumerated() {
      try expectBoxes(try tree[leaf: "0"], of: rank)
      #expect(try tree[leaf: "1"].boxes.count == rank)
      #expect(try tree[leaf: "1"].shape == [1])
    }
  }

  /// Of a lost data file, the boxes in it fail.
  @Test func boxesInOtherFilesThanALostOneAreLoaded() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    try await Example.save(4, to: path)
    // The file of rank 3 has the last two rows.
    try OutputDirectory.remove(path.appending("state/arrays.3.h5"))
    let whole = try #require(ArrayBox(offset: [0, 0], shape: [6, 2]))
    let lost = try #require(ArrayBox(offset: [5, 1], shape: [2, 1]))
    let options = TreeLoadOptions(unexpected: .ignore)
    let tree = try await Checkpoint.load(from: path, as: ["w": .box(whole)], options: options)
    #expect(try tree[leaf: "w"] == Example.elements(whole))
    for request: AbstractLeaf in [.box(lost), .asSaved, .array(dtype: .float64)] {
      do {
        _ = try await Checkpoint.load(from: path, as: ["w": .leaf(request)], options: options)
        Issue.record("\(request) was loaded")
      } catch {
        #expect(error.code.rawValue == "directory.file-missing")
      }
    }
  }

  @Test func aBoxOutsideOfTheArrayIsADifference() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("c")
    try await Example.save(2, to: path)
    let box = try #require(ArrayBox(offset: [7, 0], shape: [2, 2]))
    do {
      _ = try await load(path) { rank in
        [
          "step": 0, "b": .leaf(.everything(.placeholder)),
          "w": .leaf(.boxes(rank == 0 ? [] : [box])),
        ]
      }
      Issue.record("it was loaded")
    } catch let error as CoppiceError {
      #expect(error.code == .structureMismatch)
      #expect(error.message.contains("rank 1 of 2"))
      #expect(error.message.contains("doesn't lie inside the shape [8, 2]"))
    }
  }
}
