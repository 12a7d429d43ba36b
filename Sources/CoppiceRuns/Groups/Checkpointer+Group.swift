import CoppiceCore
public import CoppiceModel
public import CoppiceProcessGroup
import Synchronization

extension Checkpointer {
  /// Opens a run by all ranks of a group, which then call all functions that save, load, delete or wait together.
  ///
  /// Rank 0 alone creates the directory, lists the steps, decides, and deletes: its options, metrics and policies
  /// count. It tells the others, so that all have the same steps and get the same results and errors. Each rank writes
  /// what it holds of a step, as in `Checkpoint.save`, and reads what it asks for.
  ///
  /// A rank may have several tasks, if all ranks call the same functions. Calls that run at the same time are of
  /// different kinds or of different steps. Close the checkpointer on all ranks before the group ends. Only the metadata
  /// of steps, and `withContents`, are read by the calling rank alone.
  ///
  /// - Parameters:
  ///   - directory: The run, on a file system that all ranks share; that of rank 0 counts.
  ///   - options: The same on all ranks. Warnings are reported, and `postFinalization` is called, on rank 0. A preemption
  ///     notice may be given on any rank.
  ///   - group: The ranks that have the run; a subgroup where only some of them save.
  ///   - waitLimit: The longest time that a rank waits for the others, in each part of an operation.
  /// - Throws: On all ranks the same: as opening by one process; `operation.absent-rank` and the other errors of a group.
  public convenience init(
    _ directory: some FilePathConvertible, options: CheckpointerOptions = CheckpointerOptions(),
    group: any ProcessGroup, waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) {
    let given = directory.filePath
    let name = "open \(given.lastComponent?.string ?? "")"
    let label = try await group.label(named: name + "/label", within: waitLimit)
    let members = RunGroup(
      ranks: ProcessSubgroup(of: group, apartAs: label), waitLimit: waitLimit)
    let own = Mutex(RunListing())
    let answer = try await members.ranks.decide(named: name, within: waitLimit) {
      () throws(CoppiceError) in
      try await members.ranks.byPrimary { () throws(CoppiceError) in
        try given.requireNoAddress()
        let path = given.fromWorkingDirectory
        let listing = try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
          try RunDirectory(path: path, options: options).prepare()
        }
        own.withLock { $0 = listing }
        var writer = MessageWriter()
        writer.write(path.string.utf8)
        writer.write(listing.changes(since: RunListing()))
        return writer.bytes
      }
    }
    var reader = MessageReader(answer)
    guard let path = reader.field(), let changes = reader.field() else { throw RunGroup.malformed }
    let root = RunDirectory(path: FilePath(String(decoding: path, as: UTF8.self)), options: options)
    var listing = own.withLock(\.self)
    if !members.isPrimary {
      listing = try await root.applying(changes, to: listing)
    }
    self.init(root, listing, members)
  }

  /// Has rank 0 do something to the run, and all ranks take over its list of steps; if it fails, all throw its error.
  ///
  /// - Parameters:
  ///   - name: A name of this operation alone, the same on all ranks.
  ///   - body: Runs on the queue of rank 0; may change the list of steps, even where it then throws.
  /// - Returns: What `body` returned.
  func share(
    _ members: RunGroup, named name: String,
    _ body: @escaping @Sendable () throws(CoppiceError) -> [UInt8]
  ) async throws(CoppiceError) -> [UInt8] {
    let answer = try await members.ranks.decide(named: name, within: members.waitLimit) {
      () throws(CoppiceError) in
      try await BlockingWork.run(OperationMonitor(), on: queue) { () throws(CoppiceError) in
        let before = self.state.withLock(\.listing)
        let outcome = Result(catching: body)
        var writer = MessageWriter()
        writer.write(self.state.withLock(\.listing).changes(since: before))
        switch outcome {
        case .success(let value):
          writer.write(UInt8(1))
          writer.write(value)
        case .failure(let error):
          writer.write(UInt8(0))
          writer.write(error.messageBytes)
        }
        return writer.bytes
      }
    }
    var reader = MessageReader(answer)
    guard let changes = reader.field(), let isDone = reader.byte(), let value = reader.field()
    else {
      throw RunGroup.malformed
    }
    if !members.isPrimary {
      let listing = try await root.applying(changes, to: state.withLock(\.listing))
      state.withLock { state in
        state.listing = listing
        state.generation &+= 1
      }
    }
    guard isDone == 0 else { return value }
    return try await members.ranks.byPrimary { () throws(CoppiceError) in
      throw CoppiceError(messageBytes: value) ?? RunGroup.malformed
    }
  }

  /// Has rank 0 decide from what all ranks report, unless an earlier save has failed: then all throw its error, once.
  ///
  /// - Parameters:
  ///   - own: The report of this rank.
  ///   - decide: Called on rank 0 with the reports of all.
  nonisolated(nonsending) func report(
    to members: RunGroup, _ name: String, _ own: [UInt8],
    _ decide: nonisolated(nonsending) ([[UInt8]]) async throws(CoppiceError) -> [UInt8]
  ) async throws(CoppiceError) -> [UInt8] {
    let failure = takeFailure()
    if let failure, failure.error.code.breaksGroup { throw failure.error }
    var message = MessageWriter()
    message.write(failure?.outcome.number ?? 0)
    message.write(failure?.error.messageBytes ?? [])
    message.write(own)
    let answer = try await members.ranks.decide(
      from: message.bytes, named: name, within: members.waitLimit
    ) { (messages) throws(CoppiceError) in
      var reports: [[UInt8]] = []
      for message in messages {
        var reader = MessageReader(message)
        guard let number = reader.integer(), reader.field() != nil, let report = reader.field()
        else { throw RunGroup.malformed }
        // The whole message, which has the error.
        guard number == 0 else { return [1] + message }
        reports.append(report)
      }
      return [0] + (try await decide(reports))
    }
    guard answer.first == 1 else { return Array(answer.dropFirst()) }
    var reader = MessageReader(answer.dropFirst())
    guard let number = reader.integer(),
      let error = reader.field().flatMap({ CoppiceError(messageBytes: $0) })
    else { throw RunGroup.malformed }
    forgetFailure(ofSave: number)
    throw error
  }

  /// Notes that the error of a save is thrown, which may still have to end on this rank.
  private func forgetFailure(ofSave number: Int) {
    state.withLock { state in
      for outcome in state.pending.map(\.outcome) + state.failures.map(\.outcome)
      where outcome.number == number {
        outcome.isAwaited.store(true, ordering: .relaxed)
      }
    }
  }

  /// Changes the run after the saves queued before; in a group on rank 0, for all.
  ///
  /// - Parameter name: A name of this operation alone.
  func change(
    named name: String, _ body: @escaping @Sendable () throws(CoppiceError) -> Void
  ) async throws(CoppiceError) {
    guard let members else {
      return try await BlockingWork.run(OperationMonitor(), on: queue, body)
    }
    for save in state.withLock(\.pending) { await save.ended() }
    _ = try await share(members, named: name) { () throws(CoppiceError) in
      try body()
      return []
    }
  }
}

extension RunDirectory {
  /// Returns a listing with the changes that rank 0 tells; lists the steps of a run of another format.
  fileprivate func applying(
    _ changes: [UInt8], to listing: RunListing
  ) async throws(CoppiceError) -> RunListing {
    var listing = listing
    guard try listing.apply(changes) else { return listing }
    return try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try self.list()
    }
  }
}
