import Coppice
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage
import Testing

/// Boxes of arrays that are stored whole or in shards: long and short runs, checked and not.
struct BoxReadTests {
  /// Each element is its index in C order.
  static let shape = Shape([64, 2048])!
  static let elements = (0..<shape.elementCount).map { Int32($0) }

  static func save(_ grid: [Int], pieceBytes: Int? = nil, to path: FilePath) throws {
    let extents = zip(shape.dimensions, grid).map { $0 / $1 }
    var options = WriteOptions()
    options.durability = .buffered
    if let pieceBytes { options.tree.pieceBytes = pieceBytes }
    if grid != [1, 1] {
      options.tree.shards = { _, _ in
        (0..<grid[0]).flatMap { row in
          (0..<grid[1]).map { column in
            ArrayBox(
              offset: [row * extents[0], column * extents[1]], shape: Shape(extents)!)!
          }
        }
      }
    }
    let leaf = ArrayLeaf(try NDArray(elements, shape: shape))
    let contents = CheckpointContents(
      format: "memory", root: .unnamed(.tree(.dict([.init("x", .leaf(leaf))]))))
    try CheckpointWriter.write(contents, to: path, options: options)
  }

  static func load(
    _ box: ArrayBox, from path: FilePath, isVerifying: Bool
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

  /// Arrays and shards that are whole, cut between rows, inside of rows, and into a few elements.
  static let grids = [[1, 1], [2, 2], [4, 1], [1, 4], [8, 8]].flatMap { grid in
    [nil, 8192, 5008, 64].map { (grid, $0) }
  }

  @Test(arguments: grids, [true, false])
  func givesTheElementsOfTheBox(
    _ layout: (grid: [Int], pieceBytes: Int?), _ isVerifying: Bool
  ) async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path.appending("c")
    try Self.save(layout.grid, pieceBytes: layout.pieceBytes, to: path)
    for (offset, extents) in Self.boxes {
      let box = ArrayBox(offset: offset, shape: Shape(extents)!)!
      let expected = (0..<extents[0]).flatMap { row in
        let start = (offset[0] + row) * 2048 + offset[1]
        return Self.elements[start..<(start + extents[1])]
      }
      #expect(try await Self.load(box, from: path, isVerifying: isVerifying) == expected)
    }
  }

  /// Damage outside the box is found if it lies in a block that the box needs.
  @Test func damageBesideTheBoxIsFound() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path.appending("c")
    try Self.save([2, 2], to: path)
    // The last element of the first shard: row 31, column 1023.
    try Self.damage(Int32(31 * 2048 + 1023), in: path)
    let box = ArrayBox(offset: [0, 0], shape: Shape([4, 1024])!)!
    await #expect {
      _ = try await Self.load(box, from: path, isVerifying: true)
    } throws: { error in
      (error as? CoppiceError)?.code.rawValue == "arrays.digest-mismatch"
    }
    let unchecked = try await Self.load(box, from: path, isVerifying: false)
    #expect(unchecked.count == 4096)
  }

  /// Flips a bit of an element, which follows the one before it in the file.
  private static func damage(_ element: Int32, in path: FilePath) throws {
    let file = path.appending("state/arrays.h5")
    var bytes = try readFile(file)
    let pattern =
      withUnsafeBytes(of: (element - 1).littleEndian, Array.init)
      + withUnsafeBytes(of: element.littleEndian, Array.init)
    let place = try #require(
      (0..<(bytes.count - 8)).first { Array(bytes[$0..<($0 + 8)]) == pattern })
    bytes[place + 5] ^= 1
    try writeFile(file, bytes)
  }

  /// Boxes in undamaged pieces load; boxes that touch the damaged piece are refused.
  @Test func damageCostsOnePiece() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path.appending("c")
    // Four rows a piece.
    try Self.save([1, 1], pieceBytes: 4 * 8192, to: path)
    try Self.damage(Int32(21 * 2048 + 7), in: path)
    for (rows, isDamaged) in [(0..<20, false), (24..<64, false), (20..<21, true), (0..<64, true)] {
      let box = ArrayBox(offset: [rows.lowerBound, 0], shape: Shape([rows.count, 2048])!)!
      var code: CoppiceError.Code?
      do {
        let found = try await Self.load(box, from: path, isVerifying: true)
        #expect(found == (rows.lowerBound * 2048..<rows.upperBound * 2048).map { Int32($0) })
      } catch let error as CoppiceError {
        code = error.code
      }
      #expect(code?.rawValue == (isDamaged ? "arrays.digest-mismatch" : nil))
    }
  }
}
