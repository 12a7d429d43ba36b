#if MPI
  import BenchmarkMachine
  import Coppice
  import CoppiceMPI

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// Measures saving and loading by the ranks that mpirun starts, from barrier to barrier.
  ///
  ///     mpirun -n 4 CoppiceRanksBenchmark DIRECTORY BYTES OPERATION,…
  ///
  /// The state has eight arrays, which the ranks divide by rows. A JSON line of rank 0 has the seconds of an operation,
  /// the most memory that a rank used beside its arrays, and the longest time of one rank.
  ///
  /// - `save`: everything durable. `save_buffered`: without the disk. `save_late`: as that, and the last rank comes a
  ///   second late. `save_replicated`: the same arrays on all ranks.
  /// - `raw`: each rank writes its bytes to a file of its own, past the page cache, and syncs it.
  /// - `load`, `load_cold`: each rank its rows.
  /// - `each`, `broadcast`, `automatic`, and these with `_cold`: everything on all ranks.
  @main struct RanksBenchmark {
    static let limit = Duration.seconds(300)

    let group: MPIProcessGroup
    let directory: String
    let state: RanksState

    static func main() async {
      let words = CommandLine.arguments.dropFirst()
      guard words.count == 3, let bytes = Int(words[2]) else { fail("DIRECTORY BYTES OPERATION,…") }
      do {
        let group = try await MPIProcessGroup.start()
        do {
          let benchmark = RanksBenchmark(
            group: group, directory: words[1] + "/coppice",
            state: try RanksState(byteCount: bytes, rank: group.rank, of: group.count))
          for operation in words[3].split(separator: ",") {
            try await benchmark.run(String(operation))
          }
          if group.isPrimary { Disk.remove(benchmark.directory) }
          try await group.finish(within: limit)
        } catch {
          print("rank \(group.rank): \(error)")
          await group.leave(status: 2)
        }
      } catch {
        fail("\(error)")
      }
    }

    private static func fail(_ message: String) -> Never {
      print("CoppiceRanksBenchmark: \(message)")
      exit(2)
    }

    private var path: FilePath { FilePath(directory + "/ck") }

    func run(_ operation: String) async throws {
      let isCold = operation.hasSuffix("_cold")
      switch isCold ? String(operation.dropLast(5)) : operation {
      case "save": try await save(operation, SaveOptions(), state.divided)
      case "save_replicated": try await save(operation, SaveOptions(), state.replicated)
      case "save_buffered", "save_late":
        var options = SaveOptions()
        options.durability = .buffered
        try await save(operation, options, state.divided)
      case "raw": try await raw()
      case "load":
        try await load(operation, isCold, held: state.byteCount) {
          try await Checkpoint.load(
            from: path, as: state.request, group: group, waitLimit: Self.limit)
        }
      case "each": try await loadAll(operation, isCold, .byEach)
      case "broadcast": try await loadAll(operation, isCold, .broadcast)
      case "automatic": try await loadAll(operation, isCold, .automatic)
      default: throw CoppiceError(.usageChoice, "no operation \(operation)")
      }
    }

    // MARK: Operations

    private func save(
      _ operation: String, _ options: SaveOptions, _ tree: Tree<GlobalArray>
    ) async throws {
      if group.isPrimary {
        Disk.makeFresh(directory)
        Disk.rest()
      }
      try await measure(operation, held: 0) {
        if operation == "save_late", group.rank == group.count - 1 {
          try await Task.sleep(for: .seconds(1))
        }
        try await Checkpoint.save(
          tree, to: path, options: options, group: group, waitLimit: Self.limit)
      }
    }

    private func raw() async throws {
      if group.isPrimary {
        Disk.makeFresh(directory)
        Disk.rest()
      }
      try await measure("raw", held: 0) {
        try state.writeRaw(to: directory + "/\(group.rank)")
      }
      if group.isPrimary { Disk.makeFresh(directory) }
    }

    private func loadAll(
      _ operation: String, _ isCold: Bool, _ replicated: ReplicatedReading
    ) async throws {
      try await load(operation, isCold, held: state.totalBytes) {
        try await Checkpoint.load(
          from: path, as: state.everything, replicated: replicated, group: group,
          waitLimit: Self.limit)
      }
    }

    private func load(
      _ operation: String, _ isCold: Bool, held: Int,
      _ load: () async throws -> Tree<GlobalArray>
    ) async throws {
      if isCold {
        if group.isPrimary {
          Disk.drop(directory)
          Disk.rest()
        }
      } else {
        // A durable save may bypass the page cache.
        try state.check(try await load())
      }
      try await measure(operation, held: held) { try await load() }
    }

    // MARK: Measuring

    private func barrier(_ name: String) async throws {
      try await group.barrier(named: name, within: Self.limit)
    }

    private func measure<Value>(
      _ name: String, held: Int, _ body: () async throws -> Value
    ) async throws {
      try await barrier("warm")
      // As much as the other libraries' processes do.
      let bytes = max(state.byteCount, held) * 11 / 5 + (256 << 20) / group.count
      Machine.warm(min(bytes, (8 << 30) / group.count))
      Machine.resetPeak()
      let memory = Machine.memory("VmRSS:")
      try await barrier("start")
      let start = Machine.now()
      let value = try await body()
      let own = Machine.now() - start
      try await barrier("end")
      let seconds = Machine.now() - start
      let extra = Machine.memory("VmHWM:") - memory - Double(held) / Double(1 << 20)
      withExtendedLifetime(value) {}
      guard
        let all = try await group.gather(
          Array("\(own) \(extra)".utf8), named: "figures", within: Self.limit)
      else { return }
      let figures = all.map { bytes in
        String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Double($0) }
      }
      emit(name, seconds, figures.map { $0[0] }.max() ?? 0, figures.map { $0[1] }.max() ?? 0)
    }

    private func emit(_ name: String, _ seconds: Double, _ slowest: Double, _ extra: Double) {
      let members: [(String, String)] = [
        ("peer", "\"coppice\""), ("ranks", "\(group.count)"), ("op", "\"\(name)\""),
        ("seconds", "\(seconds)"), ("slowest_rank", "\(slowest)"), ("extra_rss_mb", "\(extra)"),
        ("bytes", "\(state.totalBytes)"),
      ]
      print("{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}")
      fflush(nil)
    }
  }
#else
  @main enum RanksBenchmark {
    static func main() { print("this was built without the trait MPI") }
  }
#endif
