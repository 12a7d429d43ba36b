import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
package import CoppiceProcessGroup
import CoppiceStorage
import Synchronization
package import SystemPackage

/// The writing of a checkpoint that all ranks of a group can read: its arrays are divided among them.
///
/// The ranks divide the arrays of trees; composites, JSON and files are written by rank 0.
package final class GroupCheckpointWriter: Sendable {
  private let group: any ProcessGroup
  private let own: PreparedSave
  private let contents: CheckpointContents
  private let started: Timestamp
  private let state = Mutex(State())

  private struct State {
    /// The plan of rank 0.
    var writers: GroupWriters?
    var written = WrittenShare()
  }

  /// Prepares a checkpoint, on each rank.
  ///
  /// - Throws: `directory.*` for names that can't be used; the errors of trees that the format can't represent.
  package init(
    _ contents: CheckpointContents, options: WriteOptions, group: any ProcessGroup
  ) throws(CoppiceError) {
    self.group = group
    self.contents = contents
    started = options.now()
    var named = contents
    let items: [NamedCheckpointable] =
      switch contents.root {
      case .named(let items): items
      case .unnamed(let item): [NamedCheckpointable(options.nameOfUnnamed, item)]
      }
    named.root = .named(items)
    try CheckpointableName.check(items.map(\.name), isTopLevel: true)
    var shared: [GroupItem] = []
    for item in items { shared.append(GroupItem(item.name, sharing: try item.value)) }
    own = try PreparedSave(shared, named, writing: options)
  }

  /// The description for rank 0, which is the same on all ranks.
  package var description: [UInt8] { own.description }

  /// Plans the shares of all ranks and makes the directories, on rank 0.
  ///
  /// - Returns: The plan for the other ranks.
  package func plan(in directory: FilePath) throws(CoppiceError) -> [UInt8] {
    let writers = try GroupWriters(dividing: own, among: group.count)
    try requireRoom(in: directory)
    for item in own.items {
      guard case .tree = item.content else { continue }
      try OutputDirectory.create(
        directory.appending(CheckpointableName.directory(for: item.name)))
    }
    state.withLock { $0.writers = writers }
    return writers.message(directory: directory)
  }

  private func requireRoom(in directory: FilePath) throws(CoppiceError) {
    guard own.writing.tree.zstdLevel == nil else { return }
    var bytes = 0
    for item in own.items {
      guard case .tree(let tree, _) = item.content else { continue }
      tree.forEachLeaf { bytes += $0.byteCount }
    }
    if bytes >= 1 << 20 { try OutputDirectory.requireRoom(forBytes: bytes, in: directory) }
  }

  /// Writes the share of this rank.
  ///
  /// - Returns: The share for rank 0, and what the next rank has to know to look at its files.
  package func write(
    _ plan: [UInt8], into directory: FilePath, monitor: OperationMonitor
  ) throws(CoppiceError) -> (share: [UInt8], files: [UInt8]) {
    var writers: GroupWriters
    if let planned = state.withLock({ $0.writers }) {
      writers = planned
    } else {
      writers = try GroupWriters.take(plan, own).0
    }
    let written = try writers.write(own, group.rank, into: directory, monitor)
    state.withLock { $0.written = written }
    let message = try written.message
    return (message, message)
  }

  /// Checks that what another rank has written is there.
  package func check(_ files: [UInt8], in directory: FilePath) throws(CoppiceError) {
    try WrittenShare(message: files).check(in: directory)
  }

  /// Writes the documents, on rank 0, when all shares are written.
  package func finish(_ shares: [[UInt8]], in directory: FilePath) throws(CoppiceError) {
    let (writers, written) = state.withLock { ($0.writers, $0.written) }
    guard let writers else { throw GroupWriters.malformed }
    var all: [WrittenShare] = []
    for share in shares { all.append(try WrittenShare(message: share)) }
    var options = SaveOptions()
    options.durability = own.writing.durability
    let (entries, features) = try writers.finish(own, written, all, into: directory, options)
    try CheckpointWriter.writeRoot(
      entries, features: features, of: contents, started: started, into: directory,
      options: own.writing)
  }
}
