import Coppice
import CoppiceTestSupport
import SystemPackage
import Testing

/// Boxes of arrays that are stored whole or in shards: long and short runs, checked and not.
struct BoxReadTests {
  /// Each element is its index in C order.
  static let shape = Shape([64, 2048])!

  static func save(_ grid: [Int], to path: FilePath) async throws {
    let elements = (0..<shape.elementCount).map { Int32($0) }
    let extents = zip(shape.dimensions, grid).map { $0 / $1 }
    var options = SaveOptions()
    if grid != [1, 1] {
      options.shards = { _, _ in
        (0..<grid[0]).flatMap { row in
          (0..<grid[1]).map { column in
            ArrayIndexRange(
              offset: [row * extents[0], column * extents[1]], shape: Shape(extents)!)!
          }
        }
      }
    }
    let array = try NDArray(elements, shape: shape)
    try await Checkpoint.save(.dict([.init("x", .leaf(array))]), to: path, options: options)
  }

  static func load(
    _ box: ArrayIndexRange, from path: FilePath, isVerifying: Bool
  ) async throws -> [Int32] {
    var opening = OpenOptions()
    opening.verifiesDigests = isVerifying
    let tree = try await Checkpoint.load(
      from: path, as: .dict([.init("x", .leaf(.box(box)))]), opening: opening)
    return try #require(tree.leaves.first).leaf.elements()
  }

  static let boxes = [
    // Whole rows, long pieces of rows, pieces of a few bytes, one element, all.
    (offset: [10, 0], extents: [40, 2048]), (offset: [10, 512], extents: [40, 1024]),
    (offset: [0, 1020], extents: [64, 8]), (offset: [63, 2047], extents: [1, 1]),
    (offset: [0, 0], extents: [64, 2048]), (offset: [31, 700], extents: [2, 600]),
  ]

  @Test(arguments: [[1, 1], [2, 2], [4, 1], [1, 4], [8, 8]], [true, false])
  func givesTheElementsOfTheBox(_ grid: [Int], _ isVerifying: Bool) async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path.appending("c")
    try await Self.save(grid, to: path)
    for (offset, extents) in Self.boxes {
      let box = ArrayIndexRange(offset: offset, shape: Shape(extents)!)!
      let expected = (0..<extents[0]).flatMap { row in
        (0..<extents[1]).map { Int32((offset[0] + row) * 2048 + offset[1] + $0) }
      }
      #expect(try await Self.load(box, from: path, isVerifying: isVerifying) == expected)
    }
  }

  /// A byte outside of the box belongs to a block that the box needs.
  @Test func damageBesideTheBoxIsFound() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path.appending("c")
    try await Self.save([2, 2], to: path)
    let file = path.appending("state/arrays.h5")
    var bytes = try readFile(file)
    // The last element of the first shard: row 31, column 1023.
    let pattern =
      withUnsafeBytes(of: Int32(31 * 2048 + 1022).littleEndian, Array.init)
      + withUnsafeBytes(of: Int32(31 * 2048 + 1023).littleEndian, Array.init)
    let place = try #require(
      (0..<(bytes.count - 8)).first { Array(bytes[$0..<($0 + 8)]) == pattern })
    bytes[place + 5] ^= 1
    try writeFile(file, bytes)
    let box = ArrayIndexRange(offset: [0, 0], shape: Shape([4, 1024])!)!
    await #expect {
      _ = try await Self.load(box, from: path, isVerifying: true)
    } throws: { error in
      (error as? CoppiceError)?.code.rawValue == "arrays.digest-mismatch"
    }
    let unchecked = try await Self.load(box, from: path, isVerifying: false)
    #expect(unchecked.count == 4096)
  }
}
