import CoppiceModel
import CoppiceProcessGroup

/// The checkpointables of a save by a group with what the options say of them, and what rank 0 has to know of them.
struct PreparedSave: Sendable {
  private(set) var items: [GroupItem]
  /// Step, metrics and metadata, of which those of rank 0 count.
  let contents: CheckpointContents
  let writing: WriteOptions
  /// The message to rank 0.
  let description: [UInt8]

  /// - Throws: As preparing a save of one process; `usage.*`.
  init(_ items: [GroupItem], _ options: SaveOptions) throws(CoppiceError) {
    try self.init(
      items, try options.contents(items.map(\.named)), writing: try options.writing())
  }

  /// Prepares checkpointables of which the contents say what becomes of their arrays.
  init(
    _ items: [GroupItem], _ contents: CheckpointContents, writing: WriteOptions
  ) throws(CoppiceError) {
    self.writing = writing
    var contents = contents
    guard case .named(let prepared) = contents.root else {
      throw CoppiceError(.usageChoice, "a save by a group has named checkpointables")
    }
    contents.root = .named([])
    self.contents = contents
    self.items = items
    var writer = MessageWriter()
    writer.write(items.count)
    for (index, item) in prepared.enumerated() {
      self.items[index].take(try item.value)
      writer.write(item.name.utf8)
      switch self.items[index].content {
      case .tree(let tree, let arrays):
        writer.write(UInt8(0))
        try TreeDescription(tree, arrays).write(to: &writer)
      case .primary: writer.write(UInt8(1))
      case .eachRank: writer.write(UInt8(2))
      }
    }
    description = writer.bytes
  }

  /// Returns the descriptions of each tree by all ranks, in the order of the checkpointables.
  ///
  /// - Throws: `structure.mismatch` naming the ranks that save other checkpointables.
  func decode(
    _ messages: [[UInt8]], in group: any ProcessGroup
  ) throws(CoppiceError) -> [[TreeDescription]] {
    var trees = items.map { _ in [TreeDescription]() }
    var others: [Int] = []
    for (rank, message) in messages.enumerated() {
      var reader = MessageReader(message)
      let isSame =
        reader.integer() == items.count
        && items.indices.allSatisfy { index in
          guard reader.field() == Array(items[index].name.utf8) else { return false }
          switch (items[index].content, reader.byte()) {
          case (.tree, 0):
            guard let description = TreeDescription(&reader) else { return false }
            trees[index].append(description)
            return true
          case (.primary, 1), (.eachRank, 2): return true
          default: return false
          }
        }
      if !isSame { others.append(rank) }
    }
    guard others.isEmpty else {
      throw CoppiceError(
        .structureMismatch,
        "\(group.describe(ranks: others)) would save other checkpointables than rank 0")
    }
    return trees
  }
}
