import CoppiceModel
import CoppiceProcessGroup
import Testing

/// Messages between two ranks.
struct MessageTests {
  /// Names match messages, so the order of the calls doesn't matter.
  @Test func messagesAreMatchedByName() async throws {
    let values = try await onRanks(2) { group in
      if group.rank == 0 {
        for (name, byte) in [("a", 1), ("b", 2), ("c", 3)] as [(String, UInt8)] {
          try await group.send([byte], to: 1, named: name)
        }
        return [[UInt8]]()
      }
      var values: [[UInt8]] = []
      for name in ["c", "a", "b"] {
        values.append(try await group.receive(from: 0, named: name, within: ample))
      }
      return values
    }
    #expect(values[1] == [[3], [1], [2]])
  }

  @Test func messagesOfOneNameKeepTheirOrder() async throws {
    let values = try await onRanks(2) { group in
      var values: [UInt8] = []
      for byte in 0..<100 as Range<UInt8> {
        if group.rank == 0 {
          try await group.send([byte], to: 1, named: "n")
        } else {
          values += try await group.receive(from: 0, named: "n", within: ample)
        }
      }
      return values
    }
    #expect(values[1] == Array(0..<100))
  }

  @Test func aRankSendsToItself() async throws {
    let values = try await onRanks(1) { group in
      try await group.send([7], to: 0, named: "self")
      return try await group.receive(from: 0, named: "self", within: ample)
    }
    #expect(values == [[7]])
  }

  @Test func nothingComesByTheDeadline() async throws {
    let clock = ContinuousClock()
    let taken = try await onRanks(2) { group in
      // Both stay until both have looked, since an ended rank is told of at once.
      let start = clock.now
      let message = try await group.receive(
        from: 1 - group.rank, named: "never", before: start + .milliseconds(100))
      #expect(message == nil)
      let taken = clock.now - start
      try await group.barrier(named: "end", within: ample)
      return taken
    }
    for time in taken { #expect(time >= .milliseconds(100) && time < .seconds(20)) }
  }

  @Test func refusesWhatNoGroupHas() async throws {
    let errors = try await errors(ofRanks: 2) { group in
      try await group.send([], to: 2, named: "x")
    }
    #expect(errors.map { $0?.code } == [.usageRank, .usageRank])
    let lengths = try await CoppiceProcessGroupTests.errors(ofRanks: 1) { group in
      try await group.send([], to: 0, named: String(repeating: "n", count: 1025))
    }
    #expect(lengths.map { $0?.code } == [.usageMessage])
    let size = try await CoppiceProcessGroupTests.errors(ofRanks: 1) { group in
      try await group.send(
        [UInt8](repeating: 0, count: (64 << 20) + 1), to: 0, named: "x")
    }
    #expect(size.map { $0?.code } == [.usageMessage])
  }

  /// A gigabyte of messages that nobody asks for ends the group instead of the memory.
  @Test func unclaimedMessagesHaveALimit() async throws {
    let piece = [UInt8](repeating: 1, count: 64 << 20)
    let errors = try await errors(ofRanks: 2) { group in
      guard group.rank == 0 else {
        _ = try await group.receive(from: 0, named: "other", within: ample)
        return
      }
      // The arrays share their storage, so that this takes no memory.
      for number in 0..<17 { try await group.send(piece, to: 1, named: "\(number)") }
    }
    #expect(errors.map { $0?.code } == [.operationUnclaimedMessages, .operationUnclaimedMessages])
  }

  @Test func cancellingEndsAWait() async throws {
    let task = Task {
      try await errors(ofRanks: 3) { group in
        try await group.barrier(named: "\(group.rank)", within: ample)
      }
    }
    try await Task.sleep(for: .milliseconds(50))
    let start = ContinuousClock.now
    task.cancel()
    let codes = Set(try await task.value.map { $0?.code })
    #expect(codes == [.operationCancelled] || codes == [.operationCancelled, .operationRankFailed])
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
