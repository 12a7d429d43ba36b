import CoppiceModel
import CoppiceProcessGroup
import Testing

/// Ranks as tasks.
struct LocalProcessGroupTests {
  @Test func eachRankHasItsGroup() async throws {
    let values = try await onRanks(5) { group in [group.rank, group.count] }
    #expect(values == (0..<5).map { [$0, 5] })
    #expect(await LocalProcessGroup.run(count: 0) { _ in 1 }.isEmpty)
  }

  @Test func resultsAreThoseOfTheRanks() async throws {
    let results = await LocalProcessGroup.run(count: 3) { group in
      if group.rank == 1 { throw Mishap() }
      return group.rank
    }
    #expect(try results[0].get() == 0 && results[2].get() == 2)
    #expect(throws: Mishap.self) { try results[1].get() }
  }

  /// A group is used as a value of the protocol.
  @Test func anyGroupWillDo() async throws {
    @Sendable func program(_ group: any ProcessGroup) async throws(CoppiceError) -> Int {
      try await group.barrier(named: "start", within: ample)
      let parts = try await group.allGather([UInt8(group.count)], named: "n", within: ample)
      return parts.reduce(0) { $0 + Int($1[0]) }
    }
    let sums = try await onRanks(3) { try await program($0) }
    #expect(sums == [9, 9, 9])
  }
}
