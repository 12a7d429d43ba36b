import CoppiceModel
import Testing

@testable import CoppiceProcessGroup

/// Work takes as long as it takes on each rank, and ends on all when it fails on one.
struct GroupWorkTests {
  private func work(
    _ group: LocalProcessGroup, limit: Duration = .seconds(10),
    monitor: OperationMonitor = OperationMonitor()
  ) -> GroupWork {
    GroupWork(group, named: "work", within: limit, monitor: monitor)
  }

  private func sleep(_ duration: Duration) async throws(CoppiceError) {
    do { try await Task.sleep(for: duration) } catch { throw .cancelled }
  }

  private func failure<Value>(_ result: Result<Value, any Error>) -> CoppiceError? {
    if case .failure(let error) = result { error as? CoppiceError } else { nil }
  }

  @Test(arguments: [1, 2, 5]) func rankZeroConcludesForAll(_ count: Int) async throws {
    let results = await LocalProcessGroup.run(count: count) { group in
      try await work(group).run("sum") { (_) throws(CoppiceError) in
        [UInt8(group.rank + 1)]
      } then: { (all) throws(CoppiceError) in
        all.count == count ? [all.joined().reduce(0, +)] : []
      }
    }
    for result in results { #expect(try result.get() == [UInt8(count * (count + 1) / 2)]) }
  }

  @Test func workMayTakeLongerThanTheLimit() async throws {
    let results = await LocalProcessGroup.run(count: 3) { group in
      // Others are patient for 8.75 s.
      try await work(group, limit: .seconds(6)).run("long") { (_) throws(CoppiceError) in
        if group.rank == 2 { try await sleep(.seconds(10)) }
        return []
      } then: { (_) throws(CoppiceError) in
        try await sleep(.seconds(9))
        return [7]
      }
    }
    for result in results { #expect(try result.get() == [7]) }
  }

  @Test func aSilentRankIsLost() async throws {
    let results = await LocalProcessGroup.run(count: 3) { group in
      if group.rank == 1 {
        try await Task.sleep(for: .seconds(6))
        return
      }
      _ = try await work(group, limit: .seconds(1)).run("part") { (_) throws(CoppiceError) in [] }
    }
    for rank in [0, 2] {
      let error = try #require(failure(results[rank]))
      #expect(error.code == .operationAbsentRank)
      #expect(error.message == "rank 1 of 3 did not come to \"work/part\" within 1 s")
    }
  }

  @Test func aFailureStopsTheOthers() async throws {
    let faults = [CoppiceError(.ioFailed, "one"), CoppiceError(.ioNoSpace, "two")]
    let results = await LocalProcessGroup.run(count: 4) { group in
      try await work(group).run("part") { (monitor) throws(CoppiceError) in
        if group.rank == 2 {
          throw CoppiceError.summing(faults) ?? faults[0]
        }
        while !monitor.isCancelled { try await sleep(.milliseconds(10)) }
        throw .cancelled
      }
    }
    for result in results {
      let error = try #require(failure(result))
      #expect(error.code == .ioFailed)
      #expect(error.message == "rank 2 of 4: one (the first of 2 faults)")
      #expect(error.faults.map(\.message) == ["one", "two"])
    }
  }

  @Test func allFailAlikeWithoutNames() async throws {
    let results = await LocalProcessGroup.run(count: 3) { group in
      try await work(group).run("part") { (_) throws(CoppiceError) in
        throw CoppiceError(.ioNotFound, "nothing is there")
      }
    }
    for result in results { #expect(failure(result)?.message == "nothing is there") }
  }

  @Test func theConclusionsErrorIsThatOfRankZero() async throws {
    let results = await LocalProcessGroup.run(count: 2) { group in
      try await work(group).run("part") { (_) throws(CoppiceError) in
        []
      } then: { (_) throws(CoppiceError) in
        throw CoppiceError(.ioNoSpace, "full")
      }
    }
    for result in results { #expect(failure(result)?.message == "rank 0 of 2: full") }
  }

  @Test func rankZeroCountsForAll() async throws {
    let monitors = (0..<3).map { _ in OperationMonitor() }
    let results = await LocalProcessGroup.run(count: 3) { group in
      try await work(group, monitor: monitors[group.rank]).run("part") {
        (monitor) throws(CoppiceError) in
        monitor.expect(bytes: 100)
        try monitor.advance(bytes: 10 * (group.rank + 1))
        try await sleep(.milliseconds(700))
        try monitor.advance(bytes: 1)
        return []
      }
    }
    for result in results { _ = try result.get() }
    #expect(monitors.map(\.byteCount) == [63, 21, 31])
    #expect(monitors.map(\.expectedByteCount) == [300, 100, 100])
  }

  @Test(arguments: [0, 2]) func cancellingOneRankCancelsAll(_ rank: Int) async throws {
    let monitors = (0..<3).map { _ in OperationMonitor() }
    let results = await LocalProcessGroup.run(count: 3) { group in
      try await work(group, monitor: monitors[group.rank]).run("part") {
        (monitor) throws(CoppiceError) in
        if group.rank == rank { monitors[rank].cancel() }
        // Rank 1 is done when the others are cancelled.
        while group.rank != 1, !monitor.isCancelled { try await sleep(.milliseconds(10)) }
        try monitor.checkCancellation()
        return []
      }
    }
    for result in results { #expect(failure(result)?.code == .operationCancelled) }
  }
}
