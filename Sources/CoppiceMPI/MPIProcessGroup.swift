#if MPI
  public import CoppiceModel
  public import CoppiceProcessGroup
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// The processes that `mpirun`, `mpiexec` or `srun` started, as a group.
  ///
  /// ```swift
  /// try await MPIProcessGroup.run { group in
  ///   try await group.barrier(named: "start", within: .seconds(60))
  /// }
  /// ```
  ///
  /// The group has a communicator of its own, so a program may use MPI beside it, if it initializes MPI with
  /// `MPI_THREAD_MULTIPLE` before. Without a launcher the group has one rank. A process has one group at most.
  ///
  /// When a process dies, launchers end all others. With `--enable-recovery` of Open MPI, or `-disable-auto-cleanup`
  /// of MPICH, they go on, and the group names the lost rank; MPICH's still ends those on the machine of a process that
  /// a signal killed.
  ///
  /// Coppice has this product where the package trait `MPI` is enabled, with Open MPI or MPICH.
  public final class MPIProcessGroup: ProcessGroup {
    /// The number of this process: `0..<count`.
    public let rank: Int
    /// The number of processes.
    public let count: Int

    private let thread: MPIThread
    private let hasDeparted = Atomic(false)

    private static let isStarted = Atomic(false)

    private init(_ thread: MPIThread, _ place: MPIThread.Place) {
      self.thread = thread
      rank = place.rank
      count = place.count
    }

    // MARK: Beginning and end

    /// Starts MPI, unless the program has done so; returns when all processes have called it.
    ///
    /// - Throws: `operation.mpi`: it was called before, MPI lacks thread support, or the processes were started by
    ///   the launcher of another MPI.
    public static func start() async throws(CoppiceError) -> MPIProcessGroup {
      guard !isStarted.exchange(true, ordering: .acquiringAndReleasing) else {
        throw CoppiceError(.operationMPI, "the group was started before; a process has one")
      }
      let thread = MPIThread()
      let place = try await thread.start()
      // Another MPI's processes would each take themselves for the only one, and overwrite one another's files.
      if let launched = MPILauncher.processCount, launched > 1, place.count == 1 {
        throw CoppiceError(
          .operationMPI,
          "\(launched) processes were started by another MPI than the one this program is built "
            + "with, which is \(MPILibrary.name); use its own mpirun")
      }
      return MPIProcessGroup(thread, place)
    }

    /// Waits for all ranks and ends MPI, if `start()` began it; returns on all ranks or on none.
    ///
    /// After a rank was lost this throws, and MPI can't be ended: leave the program by `leave(status:)`.
    ///
    /// - Throws: `operation.absent-rank`, `operation.broken-group`, `operation.mpi`.
    public func finish(within limit: Duration) async throws(CoppiceError) {
      try await barrier(named: "coppice/finish", within: limit)
      await flush(within: limit)
      guard !thread.isSending else {
        let error = CoppiceError(
          .operationMPI, "messages that this rank sent were never received; MPI isn't finalized")
        breakUp(because: error)
        throw error
      }
      try await thread.finish()
    }

    /// Ends the process without ending MPI, which would wait for a rank that was lost.
    ///
    /// Other ranks are told that this one has ended. Most launchers then end all processes, unless the status is 0; so
    /// ranks other than 0 first wait for rank 0 to end, for five seconds at most, since it may have files to delete.
    public func leave(status: Int32) async -> Never {
      await depart(because: nil, isFailure: status != 0)
      fflush(nil)
      _exit(status)
    }

    /// Starts the group, runs a program on each rank and finishes the group.
    ///
    /// If the program throws, the other ranks that wait for this one throw as well, and this call throws the
    /// program's error without ending MPI: report it, and leave by `leave(status:)` or `exit`.
    ///
    /// - Parameters:
    ///   - limit: The longest wait at the end for ranks whose programs take longer.
    ///   - program: The program.
    nonisolated(nonsending) public static func run<Value>(
      finishingWithin limit: Duration = .seconds(600),
      _ program: nonisolated(nonsending) (MPIProcessGroup) async throws -> Value
    ) async throws -> Value {
      let group = try await start()
      let value: Value
      do {
        value = try await program(group)
      } catch {
        await group.depart(because: error, isFailure: true)
        throw error
      }
      try await group.finish(within: limit)
      return value
    }

    /// Tells the other ranks that this one has ended, and waits for rank 0 as `leave(status:)` says.
    private func depart(because error: (any Error)?, isFailure: Bool) async {
      guard !hasDeparted.exchange(true, ordering: .acquiringAndReleasing) else { return }
      let message = MPIMessage.end(rank: rank, error.map { .ofRank($0) })
      let mailbox = thread.mailbox
      if isPrimary {
        for other in others { thread.send(message, to: other) }
      } else {
        thread.send(message, to: 0)
        let end = ContinuousClock.now + .seconds(5)
        // A rank 0 that was lost is not waited for.
        while isFailure, !mailbox.hasEnded(0), !mailbox.isBroken || thread.isBrokenByPrimary,
          end > .now
        {
          await thread.look()
          try? await Task.sleep(for: .milliseconds(5))
        }
      }
      await flush(within: .seconds(1))
    }

    /// Waits until MPI has handed over all messages.
    private func flush(within limit: Duration) async {
      let end = ContinuousClock.now + limit
      while thread.isSending, end > .now {
        try? await Task.sleep(for: .milliseconds(1))
      }
    }

    /// The ranks that rank 0 tells.
    private var others: Range<Int> { 1..<max(count, 1) }

    // MARK: Messages

    /// Hands over a message for a rank.
    public func send(
      _ bytes: [UInt8], to rank: Int, named name: String
    ) async throws(CoppiceError) {
      try require(rank: rank)
      try ProcessMessage.check(bytes, named: name)
      try thread.mailbox.checkUsable()
      guard rank == self.rank else { return thread.send(.named(name, bytes), to: rank) }
      if let error = thread.mailbox.deliver(bytes, at: .init(sender: rank, name: name)) {
        breakUp(because: error)
        throw error
      }
    }

    /// Returns the oldest message of a name from a rank, and `nil` when none is there by the deadline.
    public func receive(
      from rank: Int, named name: String, before deadline: ContinuousClock.Instant
    ) async throws(CoppiceError) -> [UInt8]? {
      try require(rank: rank)
      let address = Mailbox.Address(sender: rank, name: name)
      if let bytes = try await thread.mailbox.receive(at: address, before: deadline) {
        return bytes
      }
      // A process that was stopped for longer than its limit finds what came meanwhile.
      await thread.look()
      return try await thread.mailbox.receive(at: address, before: deadline)
    }

    /// Breaks the group on all ranks that can be reached.
    public func breakUp(because error: CoppiceError) {
      guard thread.mailbox.breakUp(error) else { return }
      thread.mailbox.acknowledgeBreakage()
      // Rank 0 tells all others.
      for other in isPrimary ? others : 0..<1 { thread.send(.breakage(error), to: other) }
    }
  }
#endif
