import CoppiceModel
import CoppiceProcessGroup
import Testing

/// Operations of all ranks that succeed.
struct OperationTests {
  @Test(arguments: [1, 2, 3, 8, 33])
  func bytesOfAllRanksAreInOrder(count: Int) async throws {
    let expected = (0..<count).map { [UInt8](repeating: UInt8($0), count: $0) }
    let gathered = try await onRanks(count) { group in
      let own = [UInt8](repeating: UInt8(group.rank), count: group.rank)
      let all = try await group.allGather(own, named: "all", within: ample)
      let last = try await group.gather(own, to: count - 1, named: "last", within: ample)
      return (all, last)
    }
    for (rank, (all, last)) in gathered.enumerated() {
      #expect(all == expected)
      #expect(last == (rank == count - 1 ? expected : nil))
    }
  }

  /// Megabytes come in pieces: 9 MiB and a byte are three of 4 MiB.
  @Test(arguments: [(2, 0), (5, 3), (13, 12)])
  func largeBroadcastsAreEqual(count: Int, root: Int) async throws {
    let bytes = [UInt8]((0...9 << 20).lazy.map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
    let copies = try await onRanks(count) { group in
      let own = group.rank == root ? bytes : []
      return try await group.broadcast(own, from: root, named: "bulk", within: ample) == bytes
    }
    #expect(copies == Array(repeating: true, count: count))
  }

  @Test(arguments: [0, 1, 1 << 10, 1 << 16, 1 << 16 + 1, 1 << 22, 20 << 20])
  func broadcastsOfEverySizeAreEqual(size: Int) async throws {
    let bytes = [UInt8](repeating: 5, count: size)
    let copies = try await onRanks(3) { group in
      try await group.broadcast(group.isPrimary ? bytes : [], named: "b", within: ample) == bytes
    }
    #expect(copies == [true, true, true])
  }

  @Test func largePayloadsAreGathered() async throws {
    // Rank 2 has 17 MiB, more than are on the way at once.
    let sizes = [3 << 20, 10, 17 << 20, 1 << 16 + 1]
    let sums = try await onRanks(4) { group in
      let own = [UInt8](repeating: UInt8(group.rank), count: sizes[group.rank])
      return try await group.allGather(own, named: "large", within: ample).map {
        [$0.count, Int($0.first ?? 0), Int($0.last ?? 0)]
      }
    }
    #expect(sums == Array(repeating: sizes.enumerated().map { [$1, $0, $0] }, count: 4))
  }

  @Test func nobodyPassesABarrierBeforeAllHaveCome() async throws {
    let times = try await onRanks(4) { group in
      if group.rank == 3 { try await Task.sleep(for: .milliseconds(300)) }
      let before = ContinuousClock.now
      try await group.barrier(named: "b", within: ample)
      return (before, ContinuousClock.now)
    }
    let last = times.map(\.0).max() ?? .now
    for time in times { #expect(time.1 >= last) }
  }

  @Test func operationsRunAtTheSameTime() async throws {
    let results = try await onRanks(3) { group in
      try await withThrowingTaskGroup { tasks in
        for number in 0..<20 {
          // Each rank begins at another one.
          let name = "n\((number + 7 * group.rank) % 20)"
          tasks.addTask {
            try await group.allGather(Array(name.utf8), named: name, within: ample)
              == Array(repeating: Array(name.utf8), count: 3)
          }
        }
        return try await tasks.reduce(true) { $0 && $1 }
      }
    }
    #expect(results == [true, true, true])
  }

  @Test func rankZeroDecidesForAll() async throws {
    let answers = try await onRanks(4) { group in
      try await group.decide(named: "which", within: ample) { () throws(CoppiceError) in
        [UInt8(group.rank + 40)]
      }
    }
    #expect(answers == Array(repeating: [40], count: 4))
    let errors = try await errors(ofRanks: 4) { group in
      try await group.decide(named: "which", within: ample) { () throws(CoppiceError) in
        throw CoppiceError(.operationExists, "it exists", at: .init(file: "a/b"))
      }
    }
    #expect(
      errors.map { $0?.description }
        == Array(repeating: "a/b: it exists [operation.exists]", count: 4))
  }

  /// A thousand ranks: gathering, broadcasting and a barrier take some messages for each rank, and a moment.
  @Test func aThousandRanksTakeFewMessages() async throws {
    let count = 1024
    let sent = MessageCount()
    let start = ContinuousClock.now
    let sums = try await onRanks(count) { ranks in
      let group = CountingGroup(base: ranks, sent: sent)
      let all = try await group.gather([UInt8(group.rank & 255)], named: "g", within: ample)
      let sum = all?.reduce(0) { $0 + Int($1[0]) } ?? 0
      let told = try await group.broadcast([UInt8(sum & 255)], named: "b", within: ample)
      try await group.barrier(named: "end", within: ample)
      return told
    }
    // 4 × (0 + … + 255) = 130560 = 510 × 256.
    #expect(Set(sums) == [[0]])
    // A rank that came late is waited for, which all others are told once for each barrier.
    #expect(sent.value >= 4 * (count - 1) && sent.value <= 5 * (count - 1))
    // It takes some hundredths of a second, and more among other tests.
    #expect(ContinuousClock.now - start < .seconds(30))
  }
}
