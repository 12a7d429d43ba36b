#if MPI
  import Coppice
  import CoppiceMPI

  /// A run of the example in which a rank fails while a step is saved, loaded or deleted.
  ///
  /// The moment is `before` the operation, `array` for when the rank reads an array that it writes, or an operation, such
  /// as `ask` or `load 2`: then the rank fails when it sends its first message of this operation.
  struct RunFault {
    let action: String
    let fault: Fault
    let moment: String
    let group: MPIProcessGroup

    init(_ action: String, fault: Fault, moment: String, group: MPIProcessGroup) {
      (self.action, self.fault, self.moment, self.group) = (action, fault, moment, group)
    }

    private static let options = CheckpointerOptions(preservation: .latest(2))

    /// Saves steps of the example, to each of whose numbers the hundredfold of the step is added.
    static func save(
      _ steps: ClosedRange<Int>, to path: String, _ group: MPIProcessGroup
    ) async throws {
      let run = try await Checkpointer(
        path, options: options, group: group, waitLimit: .seconds(60))
      for step in steps {
        try await run.saveAsync(
          step: step, Example.tree(group, adding: Float(step * 100))
        ).get()
      }
      try await run.close()
    }

    func run(_ path: String) async throws {
      try await group.barrier(named: "ready", within: .seconds(60))
      try await Task.sleep(for: .milliseconds(300))
      let start = ContinuousClock.now
      defer { MPIProgram.say("rank \(group.rank) ended after \(ContinuousClock.now - start)") }
      let fails = group.rank == fault.rank
      if fails, moment == "before" { try fault.happen() }
      let faulty = FaultyGroup(
        group: group, fault: fails ? fault : nil, moment: moment,
        directory: FilePath(path).removingLastComponent())
      let run = try await Checkpointer(
        path, options: Self.options, group: faulty, waitLimit: fault.limit)
      switch action {
      case "load-fault": _ = try await run.load(step: 2, as: Example.request(group, Example.other))
      case "delete-fault": try await run.delete(step: 1)
      default:
        var own: Tree<ArrayLeaf> = .dict([])
        if fails, moment == "array" || ["limit", "space"].contains(fault.kind) {
          own = .dict([.init("large", .leaf(ArrayLeaf(SaveFault.Source(fault: fault))))])
        }
        try await run.saveCheckpointablesAsync(
          step: 3, ["state": Example.tree(group, adding: 300), "own": EachRank(own)]
        ).get()
      }
      try await run.close()
    }
  }
#endif
