import CoppiceModel
import CoppiceProcessGroup
import Testing

/// Some of a group's ranks as a group.
struct SubgroupTests {
  @Test func membersAreNumberedAnew() async throws {
    let values = try await onRanks(5) { group in
      guard let some = try group.subgroup(of: [4, 1, 2]) else { return nil as [[UInt8]]? }
      // The same name in both groups at once.
      async let all =
        group.rank == 9
        ? []
        : some.allGather(
          [UInt8(some.rank * 10 + group.rank)], named: "x", within: ample)
      return try await all
    }
    #expect(values == [nil, [[4], [11], [22]], [[4], [11], [22]], nil, [[4], [11], [22]]])
  }

  @Test func namesOfSubgroupsAreApart() async throws {
    let values = try await onRanks(4) { group in
      let pair = try group.subgroup(of: group.rank < 2 ? [0, 1] : [2, 3])
      async let whole = group.allGather([1], named: "x", within: ample)
      async let part = pair?.allGather([UInt8(group.rank)], named: "x", within: ample)
      let nested = try pair?.subgroup(of: [1])
      return (try await whole, try await part, nested?.count)
    }
    #expect(values.map(\.0) == Array(repeating: [[1], [1], [1], [1]], count: 4))
    #expect(values.map(\.1) == [[[0], [1]], [[0], [1]], [[2], [3]], [[2], [3]]])
    #expect(values.map(\.2) == [nil, 1, nil, 1])
  }

  @Test func messagesNameTheRanksOfTheWhole() async throws {
    let errors = try await errors(ofRanks: 6) { group in
      guard let some = try group.subgroup(of: [1, 3, 5]) else { return }
      if group.rank == 5 { try await Task.sleep(for: .milliseconds(800)) }
      try await some.barrier(named: "b", within: .milliseconds(200))
    }
    #expect(errors[0] == nil)
    for rank in [1, 3, 5] {
      #expect(errors[rank]?.message == #"rank 5 of 6 did not come to "b" within 0.2 s"#)
    }
  }

  @Test func ranksThatEndedAreNamedByTheOperation() async throws {
    let errors = try await errors(ofRanks: 3) { group in
      guard group.rank != 1 else { return }
      let apart = ProcessSubgroup(of: group, apartAs: "background")
      try await #require(try apart.subgroup(of: [0, 1, 2])).barrier(named: "b", within: ample)
    }
    for rank in [0, 2] {
      #expect(errors[rank]?.message == #"rank 1 of 3 ended without coming to "b""#)
    }
  }

  /// The same ranks may do two operations of one name at once.
  @Test func messagesOfTheSameRanksAreKeptApart() async throws {
    let values = try await onRanks(3) { group in
      let apart = ProcessSubgroup(of: group, apartAs: "background")
      async let part = apart.allGather([UInt8(10 + group.rank)], named: "x", within: ample)
      let whole = try await group.allGather([UInt8(group.rank)], named: "x", within: ample)
      return (whole, try await part)
    }
    #expect(values.allSatisfy { $0.0 == [[0], [1], [2]] && $0.1 == [[10], [11], [12]] })
  }

  @Test func refusesImpossibleMembers() async throws {
    for members in [[0, 2], [1, 1], [-1], []] {
      let errors = try await errors(ofRanks: 2) { group in
        _ = try group.subgroup(of: members)
      }
      #expect(errors.map { $0?.code } == [.usageRank, .usageRank])
    }
  }
}
