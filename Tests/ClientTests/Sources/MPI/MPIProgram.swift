#if MPI
  import Coppice
  import CoppiceMPI

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// The program of `make test-mpi`, which mpirun starts.
  ///
  /// `exercise`: all operations. `fault KIND RANK SECONDS`: a rank that fails at a barrier, with the limit of the others.
  @main enum MPIProgram {
    static func main() async {
      let words = CommandLine.arguments
      let group: MPIProcessGroup
      do { group = try await MPIProcessGroup.start() } catch {
        say("\(error)")
        exit(2)
      }
      do {
        if words.count == 5, words[1] == "fault", let rank = Int(words[3]),
          let seconds = Double(words[4])
        {
          try await fail(group, words[2], rank, .seconds(seconds))
        } else {
          try await Exercise.run(group)
        }
        try await group.finish(within: .seconds(60))
      } catch {
        say("rank \(group.rank): \(error)")
        await group.leave(status: 2)
      }
    }

    private static func fail(
      _ group: MPIProcessGroup, _ kind: String, _ rank: Int, _ limit: Duration
    ) async throws {
      try await group.barrier(named: "ready", within: .seconds(60))
      let start = ContinuousClock.now
      defer { say("rank \(group.rank) ended after \(ContinuousClock.now - start)") }
      if group.rank == rank {
        // Until the last messages of the barrier are sent.
        try await Task.sleep(for: .milliseconds(300))
        switch kind {
        case "exit": _exit(3)
        case "kill": kill(getpid(), SIGKILL)
        case "stop":
          kill(getpid(), SIGSTOP)
          // The signal may reach another thread first, and this one must not go on meanwhile.
          usleep(500_000)
        case "late": try await Task.sleep(for: limit * 4)
        default: break
        }
      }
      let error =
        kind == "throw" && group.rank == rank
        ? CoppiceError(.ioNoSpace, "the disk is full") : nil
      try await group.agree(on: error, named: "save 7/plan", within: limit)
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
