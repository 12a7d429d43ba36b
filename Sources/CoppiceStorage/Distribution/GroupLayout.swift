import CoppiceFormat
package import CoppiceModel

/// The rank of a group that stores each box of each leaf.
///
/// A box that one rank alone holds is stored by it. Replicas are stored once: boxes are dealt out in turns
/// to the ranks that hold them, and arrays that all ranks hold whole go to the ranks that have the
/// fewest bytes, large ones in several boxes.
package struct GroupLayout: Sendable {
  /// A leaf as it lies on the ranks.
  package struct Leaf: Sendable {
    package var path: String
    package var dtype: DType
    package var shape: Shape
    package var distribution: LeafDistribution

    package init(path: String, dtype: DType, shape: Shape, distribution: LeafDistribution) {
      (self.path, self.dtype, self.shape) = (path, dtype, shape)
      self.distribution = distribution
    }

    fileprivate var byteCount: Int { shape.elementCount * dtype.width }
  }

  /// The grid of each leaf's boxes; `nil` for a leaf that is stored whole.
  private(set) var grids: [ShardGrid?]
  /// Lists of ranks, one rank for each box of a leaf, in C order.
  private(set) var lists: [[Int]] = []
  /// The index in `lists` of each leaf's ranks; `nil` for a leaf without elements.
  private(set) var listOfLeaf: [Int?]

  /// The bytes that each rank stores.
  private var filled: [Int]
  /// The bytes in each box of all leaves with a list of ranks.
  private var bytesPerBox: [Int: Int] = [:]
  private var shardedLists: [ShardedKey: Int] = [:]
  private var wholeLists: [Int: Int] = [:]

  /// The least bytes for which another rank gets replicated arrays, and above which an array is cut.
  static let leastBytes = 8 << 20

  private struct ShardedKey: Hashable {
    var sharding: Sharding
    var counts: [Int]
  }

  /// Decides for all leaves.
  ///
  /// Complexity: linear in leaves, ranks, given boxes, and devices of different meshes.
  ///
  /// - Throws: `sharding.bad-shards` for boxes that aren't those of a grid, or are missing;
  ///   `usage.device`.
  package init(_ leaves: [Leaf], rankCount: Int) throws(CoppiceError) {
    grids = Array(repeating: nil, count: leaves.count)
    listOfLeaf = Array(repeating: nil, count: leaves.count)
    filled = Array(repeating: 0, count: rankCount)
    var replicated: [Int] = []
    for (ordinal, leaf) in leaves.enumerated() where leaf.shape.elementCount > 0 {
      do throws(CoppiceError) {
        switch leaf.distribution {
        case .replicated: replicated.append(ordinal)
        case .divided(let grid, let ranks): place(ordinal, leaf, in: grid, on: ranks)
        case .sharded(let sharding, let ranks):
          try placeSharded(ordinal, leaf, sharding, ranks)
        case .boxes(let holders): try placeBoxes(ordinal, leaf, holders)
        }
      } catch {
        throw error.located(treePath: leaf.path)
      }
    }
    for (list, bytes) in bytesPerBox { for rank in lists[list] { filled[rank] += bytes } }
    placeReplicated(replicated, leaves)
  }

  /// Spec: SHD-4, SHD-5.
  private mutating func placeSharded(
    _ ordinal: Int, _ leaf: Leaf, _ sharding: Sharding, _ ranks: [Int]
  ) throws(CoppiceError) {
    let grid = try ShardGrid(
      dividing: leaf.shape, into: try sharding.counts(along: leaf.shape))
    let key = ShardedKey(sharding: sharding, counts: grid.counts)
    let list: Int
    if let known = shardedLists[key] {
      list = known
    } else {
      let positions = try sharding.positions(ofCellsIn: grid)
      list = lists.count
      // Turns of the replicas spread the cells over all of them.
      lists.append(positions.enumerated().map { (cell, held) in ranks[held[cell % held.count]] })
      shardedLists[key] = list
    }
    if grid.count > 1 { grids[ordinal] = grid }
    listOfLeaf[ordinal] = list
    bytesPerBox[list, default: 0] += leaf.byteCount / grid.count
  }

  private mutating func placeBoxes(
    _ ordinal: Int, _ leaf: Leaf, _ holders: [ArrayBox: [Int]]
  ) throws(CoppiceError) {
    let grid = try ShardGrid(cutsOf: holders.keys, of: leaf.shape)
    var owners: [Int] = []
    for (index, box) in grid.enumerated() {
      guard let ranks = holders[box], !ranks.isEmpty else {
        throw CoppiceError(
          .shardingBadShards, "no rank holds the box \(box) of the array of shape \(leaf.shape)")
      }
      owners.append(ranks[index % ranks.count])
      filled[owners[index]] += box.shape.elementCount * leaf.dtype.width
    }
    guard holders.count == grid.count else {
      let cells = Set(grid)
      let strange = holders.filter { !cells.contains($0.key) }
        .min { $0.value.lexicographicallyPrecedes($1.value) }
      throw CoppiceError(
        .shardingBadShards,
        "the box \(strange.map { "\($0.key)" } ?? "") overlaps boxes of other ranks: all boxes of an "
          + "array are those of one grid")
    }
    if grid.count > 1 { grids[ordinal] = grid }
    listOfLeaf[ordinal] = lists.count
    lists.append(owners)
  }

  /// Gives the arrays that all ranks hold to the ranks with the fewest bytes, in order.
  private mutating func placeReplicated(_ ordinals: [Int], _ leaves: [Leaf]) {
    let byteCount = ordinals.reduce(0) { $0 + leaves[$1].byteCount }
    let level = (filled.reduce(0, +) + byteCount) / filled.count
    var ranks = filled.indices.sorted { (filled[$0], $0) < (filled[$1], $1) }[...]
    let share = max(byteCount / filled.count, Self.leastBytes)
    var rank = ranks.popFirst() ?? 0
    var room = max(level - filled[rank], share)
    for ordinal in ordinals {
      let leaf = leaves[ordinal]
      let grid =
        leaf.byteCount > share ? ShardGrid(leaf.shape, in: leaf.byteCount / share + 1) : nil
      let boxes = grid ?? ShardGrid(whole: leaf.shape)
      var owners: [Int] = []
      for box in boxes {
        if room <= 0, let next = ranks.popFirst() {
          rank = next
          room = max(level - filled[rank], Self.leastBytes)
        }
        owners.append(rank)
        room -= box.shape.elementCount * leaf.dtype.width
      }
      place(ordinal, leaf, in: boxes, on: owners)
    }
  }

  /// Lets a rank store each box of a grid.
  private mutating func place(
    _ ordinal: Int, _ leaf: Leaf, in grid: ShardGrid, on owners: [Int]
  ) {
    if grid.count > 1 { grids[ordinal] = grid }
    for (box, rank) in zip(grid, owners) {
      filled[rank] += box.shape.elementCount * leaf.dtype.width
    }
    if owners.count == 1, let known = wholeLists[owners[0]] {
      listOfLeaf[ordinal] = known
      return
    }
    if owners.count == 1 { wholeLists[owners[0]] = lists.count }
    listOfLeaf[ordinal] = lists.count
    lists.append(owners)
  }

  /// The rank that writes each data file, by the number of the file.
  ///
  /// Rank 0 writes `arrays.h5`; a rank without boxes writes no file.
  package var ranksOfFiles: [Int] {
    var holding = Set<Int>()
    for list in lists { holding.formUnion(list) }
    return [0] + holding.subtracting([0]).sorted()
  }
}

extension ShardGrid {
  /// Makes the grid that cuts the longest dimension of an array into about equal boxes; `nil` for a
  /// scalar.
  fileprivate init?(_ shape: Shape, in count: Int) {
    guard let extent = shape.dimensions.max(), let longest = shape.dimensions.firstIndex(of: extent)
    else { return nil }
    var counts = shape.dimensions.map { _ in 1 }
    counts[longest] = count
    guard let grid = try? ShardGrid(dividing: shape, into: counts) else { return nil }
    self = grid
  }
}

extension Sharding {
  /// Returns, for each cell of the grid that the sharding makes, the positions in the mesh of the
  /// devices that hold it.
  fileprivate func positions(ofCellsIn grid: ShardGrid) throws(CoppiceError) -> [[Int]] {
    var positions = Array(repeating: [Int](), count: grid.count)
    var position = 0
    var coordinates = Array(repeating: 0, count: axisSizes.count)
    let dimensions = divisors
    repeat {
      var (cell, isEmpty) = (0, false)
      for (dimension, axes) in dimensions.enumerated() where dimension < grid.counts.count {
        let index = axes.reduce(0) { $0 * axisSizes[$1] + coordinates[$1] }
        isEmpty = isEmpty || index >= grid.counts[dimension]
        cell = cell * grid.counts[dimension] + index
      }
      for count in grid.counts.dropFirst(dimensions.count) { cell *= count }
      if !isEmpty { positions[cell].append(position) }
      position += 1
    } while advance(&coordinates)
    return positions
  }

  /// Moves on to the next device in C order; returns whether there is one.
  private func advance(_ coordinates: inout [Int]) -> Bool {
    for axis in coordinates.indices.reversed() {
      coordinates[axis] += 1
      if coordinates[axis] < axisSizes[axis] { return true }
      coordinates[axis] = 0
    }
    return false
  }
}
