#if MPI
  import CoppiceModel
  import CoppiceProcessGroup
  import Dispatch
  import Synchronization

  /// The thread that makes all calls of MPI.
  ///
  /// MPI has no wait with a time limit, and most implementations spin while they wait. So nothing here waits inside of
  /// MPI: the thread looks for messages in pauses of 50 µs, which grow to 5 ms while nothing comes, and sleeps
  /// without a limit while no call waits for a message. One thread also needs the least of MPI's support of threads.
  final class MPIThread: Sendable {
    /// The place of this process.
    struct Place: Sendable {
      let rank: Int
      let count: Int
    }

    private enum Command {
      case send(MPIMessage, to: Int)
      case look(CheckedContinuation<Void, Never>)
      case finish(CheckedContinuation<Result<Void, CoppiceError>, Never>)
    }

    private struct Queue {
      var commands: [Command] = []
      /// The thread has ended and takes no more commands.
      var isClosed = false
    }

    private let queue = Mutex(Queue())
    private let wakeUp = DispatchSemaphore(value: 0)
    private let unsent = Atomic<Int>(0)
    private let isToldByPrimary = Atomic(false)

    /// The microseconds of the shortest and of the longest pause.
    private static let shortestPause = 50.0
    private static let longestPause = 5000.0
    /// By this a pause is longer than the one before, so that it is a tenth of the time waited so far.
    private static let growth = 1.1

    /// The messages that arrived.
    let mailbox: Mailbox

    init() {
      let wakeUp = wakeUp
      mailbox = Mailbox { _, _ in wakeUp.signal() }
    }

    /// Starts MPI; returns when all processes have started.
    func start() async throws(CoppiceError) -> Place {
      let outcome: Result<Place, CoppiceError> = await withCheckedContinuation { continuation in
        // A queue's thread is its own while a block runs, and this block ends with MPI: so MPI is initialized and
        // finalized on one thread, as it must be.
        DispatchQueue(label: "coppice.mpi").async {
          do throws(CoppiceError) {
            let world = try MPILibrary.open()
            let place = Place(rank: world.rank, count: world.count)
            continuation.resume(returning: .success(place))
            self.run(world)
          } catch {
            continuation.resume(returning: .failure(error))
          }
        }
      }
      return try outcome.get()
    }

    /// Whether messages to other processes are not handed over to MPI, or not taken by them.
    var isSending: Bool { unsent.load(ordering: .acquiring) > 0 }

    /// Whether rank 0 broke the group, and so was there.
    var isBrokenByPrimary: Bool { isToldByPrimary.load(ordering: .acquiring) }

    func send(_ message: MPIMessage, to rank: Int) {
      unsent.add(1, ordering: .acquiringAndReleasing)
      _ = add(.send(message, to: rank))
    }

    /// Returns when the thread has looked for messages that came before this call.
    func look() async {
      await withCheckedContinuation { continuation in
        if !add(.look(continuation)) { continuation.resume() }
      }
    }

    /// Finalizes MPI; returns when all processes have finalized it.
    ///
    /// The group can't be used afterwards.
    func finish() async throws(CoppiceError) {
      let outcome = await withCheckedContinuation { continuation in
        if !add(.finish(continuation)) { continuation.resume(returning: .success(())) }
      }
      try outcome.get()
    }

    private func add(_ command: Command) -> Bool {
      let isTaken = queue.withLock { queue in
        if !queue.isClosed { queue.commands.append(command) }
        return !queue.isClosed
      }
      wakeUp.signal()
      return isTaken
    }

    // MARK: On the thread

    private func run(_ world: MPILibrary.World) {
      var transfers = MPITransfers(world)
      // After MPI failed its state isn't known.
      var failure: CoppiceError?
      var pause = Self.shortestPause
      while true {
        let commands = queue.withLock { queue in
          defer { queue.commands = [] }
          return queue.commands
        }
        var isActive = !commands.isEmpty
        var lookers: [CheckedContinuation<Void, Never>] = []
        var finisher: CheckedContinuation<Result<Void, CoppiceError>, Never>?
        var messages: [(MPIMessage, Int)] = []
        for command in commands {
          switch command {
          case .send(let message, let rank): messages.append((message, rank))
          case .look(let continuation): lookers.append(continuation)
          case .finish(let continuation): finisher = continuation
          }
        }
        do throws(CoppiceError) {
          if failure == nil {
            for (message, rank) in messages { try transfers.send(message.bytes, to: rank) }
            let sent = try transfers.completeSends()
            unsent.subtract(sent, ordering: .acquiringAndReleasing)
            let begun = try transfers.beginReceives()
            let received = try transfers.completeReceives { take($1, from: $0, world) }
            isActive = isActive || sent + begun + received > 0
          }
        } catch {
          failure = error
          mailbox.breakUp(error)
        }
        if let finisher { return end(world, failure, finisher, lookers) }
        for looker in lookers { looker.resume() }
        if isActive { pause = Self.shortestPause }
        if failure == nil, mailbox.isAwaited || !transfers.isEmpty {
          if wakeUp.wait(timeout: .now() + .microseconds(Int(pause))) == .timedOut {
            pause = min(pause * Self.growth, Self.longestPause)
          } else {
            pause = Self.shortestPause
          }
        } else {
          wakeUp.wait()
        }
      }
    }

    /// Ends MPI, and with it this thread.
    private func end(
      _ world: MPILibrary.World, _ failure: CoppiceError?,
      _ finisher: CheckedContinuation<Result<Void, CoppiceError>, Never>,
      _ lookers: [CheckedContinuation<Void, Never>]
    ) {
      let late = queue.withLock { queue in
        queue.isClosed = true
        return queue.commands
      }
      mailbox.breakUp(CoppiceError(.operationMPI, "the group was used after it was finished"))
      for looker in lookers { looker.resume() }
      for case .look(let looker) in late { looker.resume() }
      let outcome = Result { () throws(CoppiceError) in
        if let failure { throw failure }
        try world.close()
      }
      finisher.resume(returning: outcome)
      for case .finish(let another) in late { another.resume(returning: outcome) }
    }

    private func take(_ bytes: [UInt8], from rank: Int, _ world: MPILibrary.World) {
      guard let message = MPIMessage(bytes) else {
        return breakUp(
          CoppiceError(
            .operationMPI,
            "rank \(rank) of \(world.count) sent a message of another version of the library"),
          from: world.rank, world)
      }
      switch message {
      case .named(let name, let payload):
        if let error = mailbox.deliver(payload, at: .init(sender: rank, name: name)) {
          breakUp(error, from: world.rank, world)
        }
      case .breakage(let error):
        if rank == 0 { isToldByPrimary.store(true, ordering: .releasing) }
        breakUp(error, from: rank, world)
      case .end(let ended, let error):
        mailbox.end(
          ended, Departure(rank: "rank \(ended) of \(world.count)", failure: error))
        if world.rank == 0 { forward(message, from: rank, world) }
      }
    }

    /// Breaks the group here; rank 0 tells all others, and other ranks tell rank 0.
    private func breakUp(_ error: CoppiceError, from rank: Int, _ world: MPILibrary.World) {
      guard mailbox.breakUp(error) else { return }
      if world.rank == 0 {
        forward(.breakage(error), from: rank, world)
      } else if rank == world.rank {
        send(.breakage(error), to: 0)
      }
    }

    private func forward(_ message: MPIMessage, from rank: Int, _ world: MPILibrary.World) {
      for other in 1..<world.count where other != rank { send(message, to: other) }
    }
  }
#endif
