import CoppiceModel
import CoppiceProcessGroup
import Synchronization
import Testing

/// Ranks that fail, stall or don't come.
struct FailureTests {
  private static let limit = Duration.milliseconds(400)

  /// A rank that stalls at rank 0's side of the operation is named by all others, before their own limit ends.
  @Test func anAbsentRankIsNamed() async throws {
    let start = ContinuousClock.now
    let errors = try await errors(ofRanks: 8) { group in
      if group.rank == 3 { try await Task.sleep(for: .seconds(6)) }
      try await group.barrier(named: "save 1000/plan", within: Self.limit)
    }
    #expect(ContinuousClock.now - start < .seconds(20))
    for error in errors {
      #expect(error?.code == .operationAbsentRank)
      #expect(
        error?.message == #"rank 3 of 8 did not come to "save 1000/plan" within 0.4 s"#)
    }
  }

  @Test func severalAbsentRanksAreNamed() async throws {
    let errors = try await errors(ofRanks: 9) { group in
      if [2, 4, 5, 6, 8].contains(group.rank) { try await Task.sleep(for: .seconds(6)) }
      try await group.agree(on: nil, named: "p", within: Self.limit)
    }
    #expect(
      Set(errors.map { $0?.message })
        == [#"ranks 2, 4 to 6 and 8 of 9 did not come to "p" within 0.4 s"#])
  }

  /// Those who wait for rank 0 don't take it for lost while it waits for others.
  @Test func aLateRankZeroNamesTheAbsentRank() async throws {
    let errors = try await errors(ofRanks: 4) { group in
      if group.rank == 0 { try await Task.sleep(for: .seconds(2)) }
      if group.rank == 2 { try await Task.sleep(for: .seconds(12)) }
      try await group.barrier(named: "b", within: .seconds(3))
    }
    #expect(
      Set(errors.map { $0?.message }) == [#"rank 2 of 4 did not come to "b" within 3 s"#])
  }

  @Test func anAbsentRankZeroIsNamedByAll() async throws {
    let errors = try await errors(ofRanks: 3) { group in
      if group.rank == 0 { return try await Task.sleep(for: .seconds(4)) }
      try await group.barrier(named: "b", within: .milliseconds(80))
    }
    #expect(errors[0] == nil)
    for error in errors.dropFirst() {
      #expect(error?.code == .operationAbsentRank)
      #expect(error?.message.hasPrefix(#"rank 0 of 3 did not come to "b" within "#) == true)
    }
  }

  /// Nobody waits for the limit when a rank has ended.
  @Test func aRankThatEndedIsAbsentAtOnce() async throws {
    let start = ContinuousClock.now
    let errors = try await errors(ofRanks: 4) { group in
      if group.rank == 1 { return }
      try await group.barrier(named: "b", within: ample)
    }
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(errors[1] == nil)
    for rank in [0, 2, 3] {
      #expect(errors[rank]?.code == .operationAbsentRank)
      #expect(errors[rank]?.message == #"rank 1 of 4 ended without coming to "b""#)
    }
  }

  @Test func aRankThatThrewIsNamedWithItsError() async throws {
    let results = await LocalProcessGroup.run(count: 3) { group in
      if group.rank == 2 { throw CoppiceError(.ioNoSpace, "the disk is full") }
      try await group.barrier(named: "b", within: ample)
    }
    for result in results.prefix(2) {
      let error = try #require(throws: CoppiceError.self) { try result.get() }
      #expect(error.code == .operationRankFailed)
      #expect(
        error.message
          == #"rank 2 of 3 failed before "b" was done: the disk is full [io.no-space]"#)
    }
    let others = await LocalProcessGroup.run(count: 2) { group in
      if group.rank == 1 { throw Mishap() }
      try await group.barrier(named: "b", within: ample)
    }
    let error = try #require(throws: CoppiceError.self) { try others[0].get() }
    #expect(error.code == .operationRankFailed && error.message.contains("rank 1 of 2"))
  }

  @Test func aBrokenGroupStaysBroken() async throws {
    let errors = try await errors(ofRanks: 3) { group in
      if group.rank == 2 { try await Task.sleep(for: .milliseconds(600)) }
      do throws(CoppiceError) {
        try await group.barrier(named: "b", within: Self.limit / 2)
      } catch {
        #expect(error.code == .operationAbsentRank)
      }
      let start = ContinuousClock.now
      defer { #expect(ContinuousClock.now - start < .seconds(10)) }
      _ = try await group.gather([], named: "next", within: ample)
    }
    for error in errors {
      #expect(error?.code == .operationBrokenGroup)
      #expect(error?.message.contains("rank 2 of 3 did not come") == true)
    }
  }

  @Test func allThrowTheErrorOfOne() async throws {
    let errors = try await errors(ofRanks: 4) { group in
      let own =
        group.rank == 2
        ? CoppiceError(
          .ioNoSpace, "the disk is full", at: .init(file: "a.h5", offset: 5),
          cause: .system(errno: 28)) : nil
      do throws(CoppiceError) {
        try await group.agree(on: own, named: "write", within: ample)
      } catch {
        // The group is whole after an agreement.
        try await group.barrier(named: "after", within: ample)
        throw error
      }
    }
    for error in errors {
      #expect(
        error?.description
          == "a.h5 at byte 5: rank 2 of 4: the disk is full [io.no-space]")
      guard case .system(28)? = error?.cause else {
        Issue.record("\(String(describing: error?.cause))")
        continue
      }
    }
  }

  @Test func theErrorNamesAllWhoFailed() async throws {
    func messages(_ own: @escaping @Sendable (Int) -> CoppiceError?) async throws -> Set<String?> {
      let errors = try await errors(ofRanks: 8) { group in
        try await group.agree(on: own(group.rank), named: "write", within: ample)
      }
      return Set(errors.map { $0?.message })
    }
    let full = CoppiceError(.ioNoSpace, "full"), other = CoppiceError(.ioFailed, "lost")
    #expect(try await messages { _ in nil } == [nil])
    #expect(try await messages { _ in full } == ["all 8 ranks: full"])
    #expect(
      try await messages { [1, 5].contains($0) ? full : nil } == ["ranks 1 and 5 of 8: full"])
    #expect(
      try await messages { $0 == 1 ? full : [2, 3, 4, 7].contains($0) ? other : nil }
        == ["rank 1 of 8: full; also failed: ranks 2 to 4 and 7 of 8"])
  }

  /// Rank 0 decides from what all give, and its errors are those of all.
  @Test func rankZeroDecidesFromWhatAllGive() async throws {
    let answers = try await onRanks(3) { group in
      try await group.decide(from: [UInt8(group.rank)], named: "d", within: ample) {
        (all) throws(CoppiceError) in all.flatMap(\.self)
      }
    }
    #expect(answers == [[0, 1, 2], [0, 1, 2], [0, 1, 2]])
    let errors = try await errors(ofRanks: 3) { group in
      _ = try await group.decide(from: [], named: "d", within: ample) {
        (_) throws(CoppiceError) in throw CoppiceError(.usageShape, "no")
      }
    }
    #expect(Set(errors.map { $0?.description }) == ["no [usage.shape]"])
  }

  /// An error in place of rank 0's answer names rank 0 on all ranks, and the group is whole afterwards.
  @Test(arguments: ["decide", "agree", "agree and decide"])
  func anAnswerThatIsNotSentNamesRankZero(operation: String) async throws {
    let errors = try await errors(ofRanks: 3) { group in
      let faulty = FaultySending(base: group)
      let result: Result<Void, CoppiceError>
      do throws(CoppiceError) {
        switch operation {
        case "decide":
          _ = try await faulty.decide(named: "d", within: ample) { () throws(CoppiceError) in [1] }
        case "agree": try await faulty.agree(on: nil, named: "d", within: ample)
        default:
          _ = try await faulty.agree(named: "d", within: ample) {
            () throws(CoppiceError) in
            ((), finding: [UInt8]())
          } deciding: { _ in
            [1]
          }
        }
        result = .success(())
      } catch {
        result = .failure(error)
      }
      try await group.barrier(named: "after", within: ample)
      try result.get()
    }
    #expect(
      Set(errors.map { $0?.description }) == ["rank 0 of 3: the disk is full [io.no-space]"])
  }

  /// A group in which the first message of rank 0 isn't sent.
  private final class FaultySending: ProcessGroup {
    let base: LocalProcessGroup
    private let hasFailed = Atomic(false)

    init(base: LocalProcessGroup) { self.base = base }

    var rank: Int { base.rank }
    var count: Int { base.count }

    func send(_ bytes: [UInt8], to rank: Int, named name: String) async throws(CoppiceError) {
      if self.rank == 0, !hasFailed.exchange(true, ordering: .relaxed) {
        throw CoppiceError(.ioNoSpace, "the disk is full")
      }
      try await base.send(bytes, to: rank, named: name)
    }

    func receive(
      from rank: Int, named name: String, before deadline: ContinuousClock.Instant
    ) async throws(CoppiceError) -> [UInt8]? {
      try await base.receive(from: rank, named: name, before: deadline)
    }

    func breakUp(because error: CoppiceError) { base.breakUp(because: error) }
  }

  @Test func aPartOfAnOperationIsDoneByAllOrFailsForAll() async throws {
    let values = try await onRanks(3) { group in
      try await group.agree(named: "part", within: ample) { () throws(CoppiceError) in
        group.rank * 2
      }
    }
    #expect(values == [0, 2, 4])
    let errors = try await errors(ofRanks: 3) { group in
      try await group.agree(named: "part", within: ample) { () throws(CoppiceError) in
        if group.rank == 1 { throw CoppiceError(.usageShape, "no") }
      }
    }
    #expect(Set(errors.map { $0?.description }) == ["rank 1 of 3: no [usage.shape]"])
  }
}
