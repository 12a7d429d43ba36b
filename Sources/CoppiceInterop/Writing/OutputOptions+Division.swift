import CoppiceFormat
import CoppiceModel

extension OutputOptions {
  /// Returns the boxes in which a leaf is stored; `nil` for one that is stored whole.
  func boxes(at path: TreePath, _ shape: Shape) -> ShardGrid? {
    guard shape.elementCount > 0, let counts = shards.first(matching: path),
      counts.count <= shape.rank
    else { return nil }
    let all = counts.map { max($0, 1) } + Array(repeating: 1, count: shape.rank - counts.count)
    guard let grid = try? ShardGrid(dividing: shape, into: all), grid.count > 1 else { return nil }
    return grid
  }

  /// Returns the extents of the chunks of a leaf, limited by those of its boxes; `nil` where the
  /// format chooses.
  func chunk(at path: TreePath, _ shape: Shape) -> Shape? {
    guard let extents = chunks.first(matching: path), extents.count <= shape.rank else {
      return nil
    }
    let most = boxes(at: path, shape)?.largestShape ?? shape
    return Shape(
      most.dimensions.enumerated().map { (dimension, limit) in
        max(dimension < extents.count ? min(extents[dimension], limit) : limit, 1)
      })
  }

  /// Checks that the boxes and chunks that were chosen fit a checkpoint.
  ///
  /// - Throws: `usage.tree-path` for a pattern that matches no leaf; `usage.choice` for numbers that
  ///   don't fit a leaf.
  func requireFitting(_ contents: CheckpointContents) throws(CoppiceError) {
    guard !(shards.isEmpty && chunks.isEmpty) else { return }
    for numbers in shards.map(\.counts) + chunks.map(\.extents) {
      guard !numbers.isEmpty, numbers.allSatisfy({ $0 >= 1 }) else {
        throw CoppiceError(
          .usageChoice, "`shards` and `chunks` take numbers that are 1 or more, not \(numbers)")
      }
    }
    var search = DivisionSearch(options: self)
    switch contents.root {
    case .unnamed(let item): try search.visit(item)
    case .named(let items): try search.visit(items)
    }
    // Patterns may match what can't be opened; writing reports that fault.
    guard !search.sawFault else { return }
    if let index = shards.indices.first(where: { !search.shards.contains($0) }) {
      throw Self.unmatched(shards[index].glob, "stored in boxes", contents.root)
    }
    if let index = chunks.indices.first(where: { !search.chunks.contains($0) }) {
      throw Self.unmatched(chunks[index].glob, "stored in chunks", contents.root)
    }
  }

  private static func unmatched(
    _ glob: PathGlob, _ aim: String, _ root: CheckpointContents.Root
  ) -> CoppiceError {
    CoppiceError(
      .usageTreePath,
      "no array of the checkpoint matches \"\(glob.pattern.printable)\", which is to be \(aim)"
        + root.hint(for: [glob.pattern]))
  }
}

/// A search for the leaves that patterns of boxes and chunks match.
private struct DivisionSearch {
  let options: OutputOptions
  /// The patterns that matched a leaf.
  var shards: Set<Int> = []
  var chunks: Set<Int> = []
  /// Whether some checkpointable couldn't be opened.
  var sawFault = false

  mutating func visit(_ items: [NamedCheckpointable]) throws(CoppiceError) {
    for item in items {
      guard let value = try? item.value else {
        sawFault = true
        continue
      }
      try visit(value)
    }
  }

  mutating func visit(_ item: Checkpointable) throws(CoppiceError) {
    switch item {
    case .tree(let tree):
      _ = try tree.mapLeaves { (path, leaf) throws(CoppiceError) in try visit(leaf, at: path) }
    case .composite(let items): try visit(items)
    case .json, .files: break
    }
  }

  private mutating func visit(_ leaf: ArrayLeaf, at path: TreePath) throws(CoppiceError) {
    shards.formUnion(options.shards.indices.filter { options.shards[$0].glob.matches(path) })
    chunks.formUnion(options.chunks.indices.filter { options.chunks[$0].glob.matches(path) })
    guard let metadata = try? leaf.metadata else { return }
    do throws(CoppiceError) {
      try check(options.shards.first(matching: path), "shards", metadata)
      try check(options.chunks.first(matching: path), "chunks", metadata)
    } catch {
      throw error.located(treePath: path.description)
    }
    let limit = ReadLimits.standard
    if let counts = options.shards.first(matching: path) {
      let boxes = Shape(zip(counts, metadata.shape.dimensions).map { min($0, $1) })
      guard let boxes, boxes.elementCount <= limit.shardsPerLeaf else {
        throw CoppiceError(
          .usageChoice, "an array has at most \(limit.shardsPerLeaf) boxes; `shards` asks for more",
          at: .init(treePath: path.description))
      }
    }
    if let chunk = options.chunk(at: path, metadata.shape) {
      guard let bytes = chunk.byteCount(of: metadata.dtype), bytes <= limit.chunkBytes else {
        throw CoppiceError(
          .usageChoice, "a chunk has at most \(limit.chunkBytes) bytes; `chunks` asks for more",
          at: .init(treePath: path.description))
      }
    }
  }

  private func check(
    _ numbers: [Int]?, _ name: String, _ metadata: ArrayMetadata
  ) throws(CoppiceError) {
    guard let numbers, numbers.count > metadata.shape.rank else { return }
    let rank = metadata.shape.rank
    throw CoppiceError(
      .usageChoice,
      "this array has \(rank) \(rank == 1 ? "dimension" : "dimensions"), and `\(name)` has "
        + "\(numbers.count) numbers for it; give it fewer, or a pattern of its own before this one")
  }
}

extension [(glob: PathGlob, counts: [Int])] {
  /// Returns the numbers of the first pattern that matches a path.
  fileprivate func first(matching path: TreePath) -> [Int]? {
    first { $0.glob.matches(path) }?.counts
  }
}

extension [(glob: PathGlob, extents: [Int])] {
  /// Returns the extents of the first pattern that matches a path.
  fileprivate func first(matching path: TreePath) -> [Int]? {
    first { $0.glob.matches(path) }?.extents
  }
}
