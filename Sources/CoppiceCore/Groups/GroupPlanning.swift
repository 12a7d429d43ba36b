import CoppiceFormat
import CoppiceModel
import CoppiceProcessGroup
import CoppiceStorage

/// The planning of rank 0: which rank stores what of a tree.
struct GroupPlanning {
  let group: any ProcessGroup

  /// Returns the layout of a tree that all ranks describe.
  ///
  /// - Parameter descriptions: The descriptions of all ranks.
  /// - Throws: `structure.mismatch` naming the ranks whose tree is another; `sharding.bad-shards`,
  ///   `usage.device`.
  func layout(
    of tree: Tree<ArrayLeaf>, named name: String, _ descriptions: [TreeDescription]
  ) throws(CoppiceError) -> GroupLayout {
    let own = descriptions[0]
    let others = descriptions.indices.filter {
      descriptions[$0].signature != own.signature || descriptions[$0].count != own.count
    }
    guard others.isEmpty else {
      throw CoppiceError(
        .structureMismatch,
        "\(group.describe(ranks: others)) would save another tree \"\(name)\" than rank 0: its "
          + "structure, values, element types, shapes and shardings are the same on all ranks")
    }
    var leaves: [GroupLayout.Leaf] = []
    var meshes: [(sharding: Sharding, ranks: [Int])] = []
    for (ordinal, leaf) in tree.leaves.enumerated() {
      let metadata = try leaf.leaf.metadata
      let path = leaf.path.description
      let distribution: LeafDistribution
      switch own.count == 0 ? .replicated : own[ordinal] {
      case .replicated: distribution = .replicated
      case .devices:
        guard let sharding = metadata.sharding else {
          throw CoppiceError(.usageDevice, "the array has no sharding", at: .init(treePath: path))
        }
        var ranks = meshes.last { $0.sharding.hasSameMesh(as: sharding) }?.ranks ?? []
        if ranks.isEmpty {
          ranks = try ranksOfDevices(sharding, ordinal, descriptions, path)
          meshes.append((sharding, ranks))
        }
        distribution = .sharded(sharding, ranks: ranks)
      case .boxes:
        distribution = .boxes(try holders(ordinal, descriptions, path))
      }
      leaves.append(
        GroupLayout.Leaf(
          path: path, dtype: metadata.dtype, shape: metadata.shape, distribution: distribution))
    }
    return try GroupLayout(leaves, rankCount: group.count)
  }

  /// Returns the rank of each device of a mesh, in C order.
  private func ranksOfDevices(
    _ sharding: Sharding, _ ordinal: Int, _ descriptions: [TreeDescription], _ path: String
  ) throws(CoppiceError) -> [Int] {
    let count = sharding.axisSizes.reduce(1, *)
    var ranks = Array(repeating: -1, count: count)
    for (rank, description) in descriptions.enumerated() {
      guard case .devices(let positions) = description[ordinal] else {
        throw mixed(rank, path)
      }
      for position in positions {
        guard ranks[position] < 0 else {
          throw CoppiceError(
            .usageDevice,
            "\(group.describe(ranks: [ranks[position], rank])) both hold device "
              + "\(sharding.device(at: position))", at: .init(treePath: path))
        }
        ranks[position] = rank
      }
    }
    guard let missing = ranks.firstIndex(of: -1) else { return ranks }
    throw CoppiceError(
      .usageDevice, "no rank holds device \(sharding.device(at: missing)) of the mesh",
      at: .init(treePath: path))
  }

  private func holders(
    _ ordinal: Int, _ descriptions: [TreeDescription], _ path: String
  ) throws(CoppiceError) -> [ArrayBox: [Int]] {
    var holders: [ArrayBox: [Int]] = [:]
    var count = 0
    for (rank, description) in descriptions.enumerated() {
      guard case .boxes(let boxes) = description[ordinal] else { throw mixed(rank, path) }
      for box in boxes where box.shape.elementCount > 0 { holders[box, default: []].append(rank) }
      count += boxes.count
      guard count <= ReadLimits.standard.shardsPerLeaf else {
        throw CoppiceError(
          .shardingBadShards,
          "the ranks hold more than \(ReadLimits.standard.shardsPerLeaf) boxes; give a sharding",
          at: .init(treePath: path))
      }
    }
    return holders
  }

  private func mixed(_ rank: Int, _ path: String) -> CoppiceError {
    CoppiceError(
      .structureMismatch,
      "\(group.describe(ranks: [rank])) gives the array in another way than rank 0: whole, by boxes, or "
        + "by a sharding and devices", at: .init(treePath: path))
  }
}

extension Sharding {
  fileprivate func hasSameMesh(as other: Sharding) -> Bool {
    axisSizes == other.axisSizes && axisNames == other.axisNames && devices == other.devices
  }

  fileprivate func device(at position: Int) -> Int {
    devices.isEmpty ? position : devices[position]
  }
}
