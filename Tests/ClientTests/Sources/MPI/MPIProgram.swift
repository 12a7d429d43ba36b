#if MPI
  import Coppice
  import CoppiceClientManyProcesses
  import CoppiceMPI

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// The program of `make test-mpi`, which mpirun starts.
  ///
  /// `exercise`: all operations. `fault KIND RANK SECONDS`: a rank that fails at a barrier, with the limit of the others.
  /// `save PATH` and `load PATH`: the documents' example. `bytes PATH`: what each rank reads of an array that all
  /// save. `article DIRECTORY`: the programs of the article.
  /// `save-fault PATH KIND RANK MOMENT SECONDS`: a rank that fails while the example is saved in place of another
  /// checkpoint. `run PATH FIRST LAST`: the example as steps of a run that keeps two. `run-fault`, `load-fault` and
  /// `delete-fault`, with the words of `save-fault`: a rank that fails while a step is saved, loaded or deleted.
  @main enum MPIProgram {
    static func main() async {
      let words = Array(CommandLine.arguments.dropFirst())
      let group: MPIProcessGroup
      do { group = try await MPIProcessGroup.start() } catch {
        say("\(error)")
        exit(2)
      }
      do {
        try await run(words, group)
        try await group.finish(within: .seconds(60))
      } catch {
        say("rank \(group.rank): \(error)")
        await group.leave(status: 2)
      }
    }

    private static func run(_ words: [String], _ group: MPIProcessGroup) async throws {
      switch (words.first, words.count) {
      case ("exercise", 1): try await Exercise.run(group)
      case ("save", 2): try await Example.save(to: words[1], group)
      case ("load", 2): try await Example.load(from: words[1], group)
      case ("bytes", 2): try await LoadedBytes.run(words[1], group)
      case ("article", 2): try await ManyProcesses.run(group, in: FilePath(words[1]))
      case ("run", 4):
        let steps = words[2...].compactMap { Int($0) }
        try await RunFault.save(steps[0]...steps[1], to: words[1], group)
      case ("run-fault", 6), ("load-fault", 6), ("delete-fault", 6):
        let fault = try Fault(words[2], rank: words[3], limit: words[5])
        try await RunFault(words[0], fault: fault, moment: words[4], group: group).run(words[1])
      case ("fault", 4):
        let fault = try Fault(words[1], rank: words[2], limit: words[3])
        try await fail(group, fault)
      case ("save-fault", 6):
        let fault = try Fault(words[2], rank: words[3], limit: words[5])
        try await SaveFault(fault: fault, moment: words[4], group: group).run(words[1])
      default: throw Exercise.Failure(text: "unknown words: \(words)")
      }
    }

    private static func fail(_ group: MPIProcessGroup, _ fault: Fault) async throws {
      try await group.barrier(named: "ready", within: .seconds(60))
      let start = ContinuousClock.now
      defer { say("rank \(group.rank) ended after \(ContinuousClock.now - start)") }
      var error: CoppiceError?
      if group.rank == fault.rank {
        // Until the last messages of the barrier are sent.
        try await Task.sleep(for: .milliseconds(300))
        do throws(CoppiceError) { try fault.happen() } catch let fault { error = fault }
      }
      try await group.agree(on: error, named: "save 7/plan", within: fault.limit)
    }

    /// Writes a line to standard error at once, in one piece.
    static func say(_ text: String) {
      let line = Array((text + "\n").utf8)
      _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
  }
#else
  // Without the trait MPI there is nothing to run.
  import Coppice

  @main enum MPIProgram {
    static func main() { print("coppice \(coppiceVersion) was built without the trait MPI") }
  }
#endif
