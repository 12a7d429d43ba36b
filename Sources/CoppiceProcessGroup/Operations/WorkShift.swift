import CoppiceModel
import Synchronization

/// One part of a group's work on this rank, and the watch that rank 0 keeps over all ranks.
final class WorkShift: Sendable {
  private let operation: GroupOperation
  /// The caller's monitor.
  private let outer: OperationMonitor
  /// The monitor of the work, which the end of another rank cancels too.
  private let inner = OperationMonitor()
  private let namesRanks: @Sendable (CoppiceError) -> Bool
  private let outcome = Mutex<Result<[UInt8], CoppiceError>?>(nil)
  /// The bytes of the work of this rank that the caller's monitor has counted.
  private let counted = Mutex((done: 0, expected: 0))

  /// The time between two looks at the others.
  private static let beat = Duration.milliseconds(50)
  /// The number of beats between two reports of a rank's progress.
  private static let reportBeats = 10

  /// The first byte of a rank's report.
  private enum Report {
    /// The bytes done and the bytes expected follow, as they do after `done`.
    static let progress: UInt8 = 0
    static let done: UInt8 = 1
    /// An error follows.
    static let failed: UInt8 = 2
  }

  /// The first byte of an order of rank 0.
  private enum Order {
    /// Rank 0 is there.
    static let goOn: UInt8 = 0
    static let stop: UInt8 = 1
    /// All are done.
    static let done: UInt8 = 2
    /// The error of all ranks follows.
    static let fail: UInt8 = 3
  }

  init(
    _ operation: GroupOperation, _ monitor: OperationMonitor,
    _ namesRanks: @escaping @Sendable (CoppiceError) -> Bool
  ) {
    self.operation = operation
    outer = monitor
    self.namesRanks = namesRanks
  }

  private var group: any ProcessGroup { operation.group }

  /// Does the work of this rank, and returns the results of all at rank 0 when all have done theirs, `nil` elsewhere.
  func run(_ body: @escaping GroupWork.Body) async throws(CoppiceError) -> [[UInt8]]? {
    async let work: Void = perform(body)
    let failure: CoppiceError?
    do throws(CoppiceError) {
      failure = try await group.isPrimary ? lead() : follow()
    } catch {
      inner.cancel()
      await work
      throw error
    }
    await work
    count()
    var bytes: [UInt8] = []
    if case .success(let result)? = outcome.withLock({ $0 }), failure == nil { bytes = result }
    let all = try await operation.gather(bytes, to: 0, answers: true)
    if group.isPrimary {
      for rank in 0..<group.count { await dropReports(from: rank) }
    }
    if let failure { throw failure }
    return all
  }

  /// Drops what a rank reported too late, so that it isn't left for an operation of the same name.
  private func dropReports(from rank: Int) async {
    let name = ProcessMessage.name(operation.name, part: "report")
    // The rank may have ended already.
    while (try? await group.receive(from: rank, named: name, before: .now)) ?? nil != nil {}
  }

  private func perform(_ body: GroupWork.Body) async {
    let result: Result<[UInt8], CoppiceError>
    do throws(CoppiceError) {
      result = .success(try await body(inner))
    } catch {
      result = .failure(error)
    }
    outcome.withLock { $0 = result }
    // Who can't be told any more finds the group broken.
    switch result {
    case .success: try? await operation.send(counts(Report.done), to: 0, part: "report")
    case .failure(let error): try? await report(error)
    }
  }

  /// Returns a report with the bytes done and the bytes expected.
  private func counts(_ kind: UInt8) -> [UInt8] {
    var writer = MessageWriter()
    writer.write(kind)
    writer.write(inner.byteCount)
    writer.write(inner.expectedByteCount)
    return writer.bytes
  }

  private func report(_ error: CoppiceError) async throws(CoppiceError) {
    try await operation.send([Report.failed] + error.messageBytes, to: 0, part: "report")
  }

  private var isWorking: Bool { outcome.withLock { $0 == nil } }

  /// Adds the progress of the work to the caller's monitor.
  private func count() {
    counted.withLock { counted in
      let (done, expected) = (inner.byteCount, inner.expectedByteCount)
      outer.add(bytes: done - counted.done, expected: expected - counted.expected)
      counted = (done, expected)
    }
  }

  // MARK: Ranks other than 0

  /// Reports progress, and follows the orders of rank 0; returns the error of all ranks if there is one.
  private func follow() async throws(CoppiceError) -> CoppiceError? {
    var deadline = ContinuousClock.now + operation.patience
    var beats = Self.reportBeats - 1
    var isCancelled = false
    while true {
      let order = try await operation.message(from: 0, part: "order", before: .now + Self.beat)
      count()
      switch order?.first {
      case Order.goOn: deadline = .now + operation.patience
      case Order.stop:
        deadline = .now + operation.patience
        inner.cancel()
      case Order.done: return nil
      case Order.fail:
        guard let error = CoppiceError(messageBytes: (order ?? []).dropFirst()) else {
          throw operation.malformed(from: 0)
        }
        return error
      default: break
      }
      guard ContinuousClock.now < deadline else {
        throw operation.lost([0], after: operation.patience)
      }
      if outer.isCancelled, !isCancelled {
        isCancelled = true
        inner.cancel()
        if !isWorking { try await report(.cancelled) }
      }
      beats += 1
      if isWorking, beats % Self.reportBeats == 0 {
        try await operation.send(counts(Report.progress), to: 0, part: "report")
      }
    }
  }

  // MARK: Rank 0

  /// The knowledge of rank 0 about the others.
  private struct Watch {
    /// The ranks that haven't ended.
    var pending: [Int]
    var heard: [ContinuousClock.Instant]
    var counted: [(done: Int, expected: Int)]
    var failures: [Int: CoppiceError] = [:]

    init(count: Int) {
      pending = Array(0..<count)
      heard = Array(repeating: .now, count: count)
      counted = Array(repeating: (0, 0), count: count)
    }
  }

  /// Watches over all ranks until all have ended, and tells them the outcome; returns the error if there is one.
  private func lead() async throws(CoppiceError) -> CoppiceError? {
    var watch = Watch(count: group.count)
    var isStopped = false
    var lastOrder = ContinuousClock.now
    while !watch.pending.isEmpty {
      // The last rank's report ends the wait; those of the others are taken a beat later.
      if let last = watch.pending.last {
        let message = try await operation.message(
          from: last, part: "report", before: .now + Self.beat)
        if let message { try take(message, from: last, &watch) }
      }
      for rank in 0..<group.count {
        while let message = try await operation.message(from: rank, part: "report", before: .now) {
          try take(message, from: rank, &watch)
        }
      }
      count()
      if outer.isCancelled, watch.failures[0] == nil { watch.failures[0] = .cancelled }
      if !watch.failures.isEmpty, !isStopped {
        isStopped = true
        inner.cancel()
        try await order([Order.stop])
      }
      let silent = watch.pending.filter { $0 > 0 && .now - watch.heard[$0] > operation.limit }
      guard silent.isEmpty else { throw operation.lost(silent, after: operation.limit) }
      if .now - lastOrder > operation.limit / 4 {
        lastOrder = .now
        try await order([Order.goOn])
      }
    }
    let verdict = verdict(watch.failures)
    try await order(verdict.map { [Order.fail] + $0.messageBytes } ?? [Order.done])
    return verdict
  }

  private func order(_ bytes: [UInt8]) async throws(CoppiceError) {
    for rank in operation.others { try await operation.send(bytes, to: rank, part: "order") }
  }

  /// Notes what a rank reports.
  private func take(
    _ message: [UInt8], from rank: Int, _ watch: inout Watch
  ) throws(CoppiceError) {
    watch.heard[rank] = .now
    var reader = MessageReader(message.dropFirst())
    switch message.first {
    case Report.progress, Report.done:
      guard let done = reader.integer(), let expected = reader.integer() else {
        throw operation.malformed(from: rank)
      }
      let before = watch.counted[rank]
      // Rank 0 counts its own bytes itself.
      if rank > 0 {
        outer.add(bytes: done - before.done, expected: expected - before.expected)
      }
      watch.counted[rank] = (done, expected)
      if message.first == Report.done { watch.pending.removeAll { $0 == rank } }
    case Report.failed:
      guard let error = CoppiceError(messageBytes: message.dropFirst()) else {
        throw operation.malformed(from: rank)
      }
      if watch.failures[rank] == nil { watch.failures[rank] = error }
      watch.pending.removeAll { $0 == rank }
    default: throw operation.malformed(from: rank)
    }
  }

  /// Returns the error of all ranks.
  private func verdict(_ failures: [Int: CoppiceError]) -> CoppiceError? {
    // The others were stopped because of these.
    let reasons = failures.filter { $0.value.code != .operationCancelled }
    guard let first = reasons.min(by: { $0.key < $1.key })?.value else {
      return failures.isEmpty ? nil : .cancelled
    }
    let isSame =
      reasons.count == group.count
      && reasons.values.allSatisfy { $0 == first && $0.message == first.message }
    // What is wrong for all ranks is wrong whichever rank says it.
    guard namesRanks(first), !isSame else { return first }
    return Verdict(of: (0..<group.count).map { reasons[$0]?.messageBytes ?? [] }, in: group)?.error
  }

  // MARK: The conclusion

  /// Does the work of rank 0 that the others wait for, and tells them that it goes on.
  func keepingOthersWaiting(
    _ body: @escaping @Sendable () async throws(CoppiceError) -> [UInt8]
  ) async throws(CoppiceError) -> [UInt8] {
    outcome.withLock { $0 = nil }
    async let work: Void = conclude(body)
    var last = ContinuousClock.now
    do throws(CoppiceError) {
      while isWorking {
        // Also notes that the group is broken.
        _ = try await operation.message(from: 0, part: "concluded", before: .now + Self.beat)
        guard .now - last > operation.limit / 4 else { continue }
        last = .now
        try await operation.announceWait(operation.limit, to: operation.others)
      }
    } catch {
      await work
      throw error
    }
    await work
    guard let result = outcome.withLock({ $0 }) else { throw operation.malformed(from: 0) }
    return try result.get()
  }

  private func conclude(
    _ body: @Sendable () async throws(CoppiceError) -> [UInt8]
  ) async {
    let result: Result<[UInt8], CoppiceError>
    do throws(CoppiceError) {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    outcome.withLock { $0 = result }
    try? await operation.send([], to: 0, part: "concluded")
  }
}
