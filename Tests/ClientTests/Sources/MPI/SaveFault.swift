#if MPI
  import Coppice
  import CoppiceMPI
  import Synchronization

  /// A save of the example in place of an earlier one, in which a rank fails at a moment.
  ///
  /// The moment is `before` the save, `array` for when the rank reads an array that it writes, or a part of the save,
  /// such as `plan`: then the rank fails when it sends its first message of this part.
  struct SaveFault {
    let fault: Fault
    let moment: String
    let group: MPIProcessGroup

    /// Fails when it is read.
    struct Source: ArraySource {
      let fault: Fault?

      var dtype: DType { .uint8 }
      // More than the small disk, and than the limit of a file.
      var shape: Shape { Shape([4 << 20])! }

      func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
        try fault?.happen()
      }
    }

    func run(_ path: String) async throws {
      try await group.barrier(named: "ready", within: .seconds(60))
      try await Task.sleep(for: .milliseconds(300))
      let start = ContinuousClock.now
      defer { MPIProgram.say("rank \(group.rank) ended after \(ContinuousClock.now - start)") }
      let fails = group.rank == fault.rank
      if fails, moment == "before" { try fault.happen() }
      var own: Tree<ArrayLeaf> = .dict([])
      if fails, moment == "array" || ["limit", "space"].contains(fault.kind) {
        own = .dict([.init("large", .leaf(ArrayLeaf(Source(fault: fault))))])
      }
      let faulty = FaultyGroup(
        group: group, fault: fails ? fault : nil, moment: moment,
        directory: FilePath(path).removingLastComponent())
      try await Checkpoint.saveCheckpointables(
        ["state": Example.tree(group, adding: 100), "own": EachRank(own)], to: path,
        options: SaveOptions(target: .replacingExisting), group: faulty, waitLimit: fault.limit)
    }
  }

  /// A group in which a rank fails when it sends its first message of an operation, or when it looks for one that it
  /// sends itself.
  final class FaultyGroup: ProcessGroup {
    private let group: MPIProcessGroup
    private let fault: Fault?
    /// The operation's name, or the first or last part of it.
    private let moment: String
    private let directory: FilePath
    private let hasHappened = Atomic(false)

    init(group: MPIProcessGroup, fault: Fault?, moment: String, directory: FilePath) {
      self.group = group
      self.fault = fault
      self.moment = moment
      self.directory = directory
    }

    var rank: Int { group.rank }
    var count: Int { group.count }

    func send(_ bytes: [UInt8], to rank: Int, named name: String) async throws(CoppiceError) {
      try happen(name)
      try await group.send(bytes, to: rank, named: name)
    }

    func receive(
      from rank: Int, named name: String, before deadline: ContinuousClock.Instant
    ) async throws(CoppiceError) -> [UInt8]? {
      if rank == self.rank { try happen(name) }
      return try await group.receive(from: rank, named: name, before: deadline)
    }

    func breakUp(because error: CoppiceError) { group.breakUp(because: error) }

    private func happen(_ name: String) throws(CoppiceError) {
      guard let fault else { return }
      // Messages that are kept apart have a label in front, and parts of an operation a word behind.
      let inner = name.split(separator: "\u{1E}").last ?? ""
      let operation = inner.prefix { $0 != "\u{1F}" }
      guard
        operation == moment || operation.hasSuffix("/" + moment)
          || operation.hasPrefix(moment + "/"),
        !hasHappened.exchange(true, ordering: .relaxed)
      else { return }
      try fault.happen(in: directory)
    }
  }
#endif
