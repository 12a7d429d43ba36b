import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
package import CoppiceProcessGroup
import CoppiceStorage
import Synchronization
import SystemPackage

/// A save by all ranks of a group.
///
/// Rank 0 alone makes directories, plans, writes the documents and commits; each rank writes and digests its own
/// data file. What goes wrong on one rank is agreed on before the next phase, and then all throw the same error.
package struct GroupSave: Sendable {
  let group: any ProcessGroup
  let target: GroupTarget
  let options: SaveOptions
  let waitLimit: Duration
  let monitor: OperationMonitor

  /// The name of the save in all messages.
  private let name: String

  package init(
    group: any ProcessGroup, target: GroupTarget, options: SaveOptions, waitLimit: Duration,
    monitor: OperationMonitor = OperationMonitor()
  ) {
    self.group = group
    self.target = target
    self.options = options
    self.waitLimit = waitLimit
    self.monitor = monitor
    name = Checkpoint.groupSaveName(target.path)
  }

  /// Saves the checkpointables, and returns when the checkpoint is committed.
  package func run(_ items: [GroupItem]) async throws(CoppiceError) {
    let own = try await phase("prepare") { () throws(CoppiceError) in
      try PreparedSave(items, options)
    }
    let descriptions = try await group.gather(
      own.description, named: phaseName("describe"), within: waitLimit)
    let stage = GroupStage()
    do throws(CoppiceError) {
      try await run(own, descriptions, stage)
    } catch {
      // A rest looks unfinished, and the next save removes it where this fails.
      await stage.discard()
      throw error
    }
  }

  private func run(
    _ own: PreparedSave, _ descriptions: [[UInt8]]?, _ stage: GroupStage
  ) async throws(CoppiceError) {
    let started = Timestamp.now
    let planned = Mutex<GroupWriters?>(nil)
    let plan = try await group.decide(named: phaseName("plan"), within: waitLimit) {
      () throws(CoppiceError) in
      let writers = try await BlockingWork.run(monitor) { () throws(CoppiceError) in
        try GroupWriters(own, try own.decode(descriptions ?? [], in: group), group)
      }
      try await group.byPrimary { () throws(CoppiceError) in
        try await BlockingWork.run(monitor) { () throws(CoppiceError) in
          try stage.make(target, own)
        }
      }
      planned.withLock { $0 = writers }
      return writers.message(directory: stage.path)
    }
    let found = planned.withLock { $0 }
    let (written, message, directory) = try await group.agree(
      named: phaseName("write"), within: waitLimit
    ) { () throws(CoppiceError) in
      let result = try await BlockingWork.run(monitor) { () throws(CoppiceError) in
        var writers: GroupWriters
        let directory: FilePath
        if let found {
          (writers, directory) = (found, stage.path)
        } else {
          (writers, directory) = try GroupWriters.take(plan, own)
        }
        let written = try writers.write(own, group.rank, into: directory, monitor)
        return (written, try written.message, directory)
      }
      try await tellNeighbour(result.1, in: result.2)
      return result
    }
    let all = try await group.gather(message, named: phaseName("files"), within: waitLimit)
    try await check(in: directory)
    _ = try await group.decide(named: phaseName("commit"), within: waitLimit) {
      () throws(CoppiceError) in
      guard let found, let all else { return [] }
      let begun = ContinuousClock.now
      try await group.byPrimary { () throws(CoppiceError) in
        try await BlockingWork.run(monitor) { () throws(CoppiceError) in
          var shares: [WrittenShare] = []
          for message in all { shares.append(try WrittenShare(message: message)) }
          let (entries, features) = try found.finish(own, written, shares, into: directory, options)
          try CheckpointWriter.writeRoot(
            entries, features: features, of: own.contents, started: started, into: directory,
            options: own.writing)
        }
        // A rank 0 that was stopped finds here that the others have given up, and must not commit then; their messages
        // take a moment to arrive.
        _ = try await group.receive(from: group.rank, named: phaseName("whole"), before: .now)
        if ContinuousClock.now - begun > waitLimit {
          _ = try await group.receive(
            from: group.rank, named: phaseName("whole"), before: .now + .seconds(1))
        }
        try await BlockingWork.run(monitor) { () throws(CoppiceError) in
          try monitor.checkCancellation()
          try stage.commit(target, options.durability)
        }
      }
      return []
    }
  }

  /// The name of the messages to neighbours, which nobody takes when a save fails; so each attempt has its own.
  private func neighbourName(_ directory: FilePath) -> String {
    phaseName("neighbour \(directory.lastComponent?.string ?? "")")
  }

  /// Tells the next rank what this one has written.
  ///
  /// Ranks do this before they agree that all have written: so nobody waits for a rank but rank 0, which alone can tell
  /// who is absent from who waits for the absent.
  private func tellNeighbour(
    _ written: [UInt8], in directory: FilePath
  ) async throws(CoppiceError) {
    guard group.count > 1 else { return }
    try await group.send(
      written, to: (group.rank + 1) % group.count, named: neighbourName(directory))
  }

  /// Lets the neighbour of each rank look at the files of the rank: on a network file system, that one process has
  /// written them doesn't say that another one sees them.
  private func check(in directory: FilePath) async throws(CoppiceError) {
    guard group.count > 1 else { return }
    let other = try await group.receive(
      from: (group.rank + group.count - 1) % group.count, named: neighbourName(directory),
      within: waitLimit)
    try await phase("check") { () throws(CoppiceError) in
      // After this only rank 0 can stop the save.
      try monitor.checkCancellation()
      try WrittenShare(message: other).check(in: directory)
    }
  }

  private func phase<Value: Sendable>(
    _ part: String, _ body: @escaping @Sendable () throws(CoppiceError) -> Value
  ) async throws(CoppiceError) -> Value {
    try await group.agree(named: phaseName(part), within: waitLimit) { () throws(CoppiceError) in
      try await BlockingWork.run(monitor, body)
    }
  }

  private func phaseName(_ part: String) -> String { "\(name)/\(part)" }
}

/// The temporary directory of a save, which rank 0 alone has.
final class GroupStage: Sendable {
  private let output = Mutex<StagedOutput?>(nil)
  private let directory = Mutex<FilePath>("")

  /// The path of the temporary directory.
  var path: FilePath { directory.withLock { $0 } }

  /// Makes the directory, and those of all checkpointables in it.
  func make(
    _ target: GroupTarget, _ own: PreparedSave
  ) throws(CoppiceError) {
    try CheckpointableName.check(own.items.map(\.name), isTopLevel: true)
    try target.prepare()
    let path = try output.withLock { (output) throws(CoppiceError) in
      let staged = try StagedOutput(
        .directory, for: target.path, replacing: target.isReplacing)
      output = staged
      return staged.path
    }
    directory.withLock { $0 = path }
    for item in own.items {
      let folder = path.appending(CheckpointableName.directory(for: item.name))
      switch item.content {
      case .tree, .eachRank: try OutputDirectory.create(folder)
      case .primary: break
      }
    }
  }

  /// Gives the checkpoint its name.
  func commit(_ target: GroupTarget, _ durability: Durability) throws(CoppiceError) {
    try target.beforeCommit(path)
    try output.withLock { (output) throws(CoppiceError) in
      try output?.commit(durability: durability)
      output = nil
    }
  }

  /// Deletes what isn't committed.
  func discard() async {
    let monitor = OperationMonitor()
    try? await BlockingWork.run(monitor) { () throws(CoppiceError) in
      self.output.withLock { output in
        output?.discard()
        output = nil
      }
    }
  }
}
