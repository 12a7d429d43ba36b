#if MPI
  import Coppice
  import CoppiceMPI

  /// All operations of a group, each with a stated result.
  enum Exercise {
    struct Failure: Error {
      let text: String
    }

    static func run(_ group: MPIProcessGroup) async throws {
      let limit = Duration.seconds(60)
      try await group.barrier(named: "start", within: limit)
      let first = ContinuousClock.now

      // Small messages.
      let start = ContinuousClock.now
      let parts = try await group.gather(part(group.rank), named: "gather", within: limit)
      try expect(parts == (group.isPrimary ? (0..<group.count).map(part) : nil), "gather")
      let told = try await group.broadcast(
        group.isPrimary ? Array("plan".utf8) : [], named: "broadcast", within: limit)
      try expect(told == Array("plan".utf8), "broadcast")
      try await group.barrier(named: "barrier", within: limit)
      report(group, "gather, broadcast and barrier", since: start)

      let all = try await group.allGather(part(group.rank), named: "all", within: limit)
      try expect(all == (0..<group.count).map(part), "allGather")

      // Twenty rounds, as a save has some.
      let rounds = ContinuousClock.now
      for round in 0..<20 {
        try await group.agree(on: nil, named: "round \(round)", within: limit)
      }
      report(group, "20 agreements", since: rounds)

      // An agreed error leaves the group whole.
      do {
        try await group.agree(
          on: group.rank == group.count - 1 ? CoppiceError(.usageShape, "no") : nil,
          named: "error", within: limit)
        throw Failure(text: "no error was agreed on")
      } catch let error as CoppiceError {
        try expect(error.code == .usageShape, "\(error)")
        try expect(error.message.contains("rank"), "\(error)")
      }

      // Bulk bytes, from another rank than 0, and gathered.
      let size = group.count > 16 ? 5 << 20 : 64 << 20 + 3
      let root = group.count - 1
      let bytes = pattern(size, 1)
      try await group.barrier(named: "bulk start", within: limit)
      let bulk = ContinuousClock.now
      let copy = try await group.broadcast(
        group.rank == root ? bytes : [], from: root, named: "bulk", within: limit)
      report(group, "broadcast of \(size) bytes", since: bulk)
      try expect(copy == bytes, "bulk broadcast")
      let own = pattern(size / group.count, group.rank)
      try await group.barrier(named: "pieces start", within: limit)
      let large = ContinuousClock.now
      let pieces = try await group.gather(own, named: "pieces", within: limit)
      report(group, "gather of \(size) bytes", since: large)
      if let pieces {
        for (rank, piece) in pieces.enumerated() {
          try expect(piece == pattern(size / group.count, rank), "piece \(rank)")
        }
      }
      try await group.barrier(named: "pieces done", within: limit)

      if let some = try group.subgroup(of: stride(from: 0, to: group.count, by: 2)) {
        let ranks = try await some.allGather(part(group.rank), named: "some", within: limit)
        try expect(ranks == stride(from: 0, to: group.count, by: 2).map(part), "subgroup")
      }
      try await group.barrier(named: "end", within: limit)
      report(group, "everything", since: first)
    }

    private static func part(_ rank: Int) -> [UInt8] {
      Array(repeating: UInt8(rank & 255), count: rank % 7)
    }

    private static func pattern(_ count: Int, _ seed: Int) -> [UInt8] {
      Array(unsafeUninitializedCapacity: count) { buffer, initialized in
        for index in 0..<count {
          buffer[index] = UInt8(truncatingIfNeeded: (index &* 2_654_435_761) >> 11 &+ seed)
        }
        initialized = count
      }
    }

    private static func expect(_ isTrue: Bool, _ what: String) throws {
      if !isTrue { throw Failure(text: "wrong: \(what)") }
    }

    private static func report(
      _ group: MPIProcessGroup, _ what: String, since start: ContinuousClock.Instant
    ) {
      guard group.isPrimary else { return }
      MPIProgram.say("\(group.count) ranks: \(what): \(ContinuousClock.now - start)")
    }
  }
#endif
