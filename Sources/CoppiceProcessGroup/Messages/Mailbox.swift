package import CoppiceModel
import Synchronization

/// The messages that arrived at a rank, and the calls that wait for one.
///
/// A call takes what is there, or waits in a continuation until a message, its deadline, a cancellation or the end
/// of the group resumes it.
package final class Mailbox: Sendable {
  /// The sender and the name of a message.
  package struct Address: Hashable, Sendable {
    package var sender: Int
    package var name: String

    package init(sender: Int, name: String) {
      self.sender = sender
      self.name = name
    }
  }

  package typealias Outcome = Result<[UInt8]?, CoppiceError>

  private struct Waiter {
    let number: Int
    let continuation: CheckedContinuation<Outcome, Never>
  }

  private struct State {
    var messages: [Address: [[UInt8]]] = [:]
    var byteCount = 0
    var waiters: [Address: [Waiter]] = [:]
    var lastNumber = 0
    /// The ranks that sent their last message.
    var ended: [Int: Departure] = [:]
    var broken: CoppiceError?
    var isBrokenKnown = false

    /// Returns the outcome of a call that needn't wait.
    ///
    /// A message that arrived comes first, so that all ranks see the same outcome of an operation that was complete
    /// when the group broke.
    mutating func outcome(at address: Address) -> Outcome? {
      if var queue = messages.removeValue(forKey: address) {
        let bytes = queue.removeFirst()
        byteCount -= Mailbox.size(of: bytes)
        if !queue.isEmpty { messages[address] = queue }
        return .success(bytes)
      }
      if let error = breakage() { return .failure(error) }
      return ended[address.sender].map { .failure($0.error(at: address)) }
    }

    /// Returns the error of a call to a broken group; the first call throws the reason itself.
    mutating func breakage() -> CoppiceError? {
      guard let broken else { return nil }
      guard isBrokenKnown else {
        isBrokenKnown = true
        return broken
      }
      return CoppiceError(
        .operationBrokenGroup, "the group can't be used any more: \(broken.message)",
        cause: .other(broken))
    }

    /// Removes the first waiter that a condition holds for.
    mutating func takeWaiter(
      at address: Address, where condition: (Waiter) -> Bool = { _ in true }
    ) -> Waiter? {
      guard var list = waiters.removeValue(forKey: address) else { return nil }
      defer { if !list.isEmpty { waiters[address] = list } }
      return list.firstIndex(where: condition).map { list.remove(at: $0) }
    }
  }

  private let state = Mutex(State())
  private let onWaiting: @Sendable (Mailbox, Int) -> Void

  /// Makes an empty mailbox.
  ///
  /// - Parameter onWaiting: Called with this mailbox and the sender whenever a call begins to wait.
  package init(onWaiting: @escaping @Sendable (Mailbox, Int) -> Void) {
    self.onWaiting = onWaiting
  }

  /// Whether a call waits.
  package var isAwaited: Bool { state.withLock { !$0.waiters.isEmpty } }

  /// The bytes that a message takes here, its administration included.
  private static func size(of bytes: [UInt8]) -> Int { bytes.count + 256 }

  /// Adds a message, or gives it to the call that waits for it.
  ///
  /// - Returns: The error that breaks the group where nobody asked for too many messages.
  package func deliver(_ bytes: [UInt8], at address: Address) -> CoppiceError? {
    let waiter: Waiter?
    let error: CoppiceError?
    (waiter, error) = state.withLock { state in
      if let waiter = state.takeWaiter(at: address) { return (waiter, nil) }
      guard state.byteCount + Self.size(of: bytes) <= ProcessMessage.unclaimedByteLimit else {
        return (
          nil,
          CoppiceError(
            .operationUnclaimedMessages,
            "more than \(ProcessMessage.unclaimedByteLimit) bytes of messages wait, and no call "
              + "asks for them; the last is \"\(address.name.printable)\" from rank "
              + "\(address.sender)")
        )
      }
      state.byteCount += Self.size(of: bytes)
      state.messages[address, default: []].append(bytes)
      return (nil, nil)
    }
    waiter?.continuation.resume(returning: .success(bytes))
    return error
  }

  /// Notes that a rank sends nothing more; calls that wait for it, now or later, throw.
  package func end(_ rank: Int, _ departure: Departure) {
    let waiters = state.withLock { state in
      state.ended[rank] = departure
      let addresses = state.waiters.keys.filter { $0.sender == rank }
      return addresses.map { ($0, state.waiters.removeValue(forKey: $0) ?? []) }
    }
    for (address, waiters) in waiters {
      for waiter in waiters {
        waiter.continuation.resume(returning: .failure(departure.error(at: address)))
      }
    }
  }

  /// Whether a rank sends nothing more.
  package func hasEnded(_ rank: Int) -> Bool { state.withLock { $0.ended[rank] != nil } }

  /// Breaks the group for this rank; returns `false` if it was broken before.
  @discardableResult
  package func breakUp(_ error: CoppiceError) -> Bool {
    let waiters: [Waiter]? = state.withLock { state in
      guard state.broken == nil else { return nil }
      state.broken = error
      state.isBrokenKnown = !state.waiters.isEmpty
      defer { state.waiters = [:] }
      return state.waiters.values.flatMap(\.self)
    }
    for waiter in waiters ?? [] { waiter.continuation.resume(returning: .failure(error)) }
    return waiters != nil
  }

  /// Notes that this rank knows why the group is broken: its next call throws `operation.broken-group`.
  package func acknowledgeBreakage() { state.withLock { $0.isBrokenKnown = true } }

  /// Whether the group is broken.
  package var isBroken: Bool { state.withLock { $0.broken != nil } }

  /// Refuses a call to a broken group.
  package func checkUsable() throws(CoppiceError) {
    if let error = state.withLock({ $0.breakage() }) { throw error }
  }

  /// Takes a message, or waits for it until a deadline.
  package func receive(
    at address: Address, before deadline: ContinuousClock.Instant
  ) async throws(CoppiceError) -> [UInt8]? {
    if let outcome = state.withLock({ $0.outcome(at: address) }) { return try outcome.get() }
    // A deadline that has passed still lets the caller's task be cancelled.
    guard !Task.isCancelled else { throw .cancelled }
    guard deadline > .now else { return nil }
    return try await wait(at: address, until: deadline).get()
  }

  private func wait(at address: Address, until deadline: ContinuousClock.Instant) async -> Outcome {
    let number = state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
    let timer = Task { [weak self] in
      guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
      self?.resume(number, at: address, returning: .success(nil))
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let outcome: Outcome? = state.withLock { state in
          if let outcome = state.outcome(at: address) { return outcome }
          // The timer may have fired before the waiter was here.
          if deadline <= .now { return .success(nil) }
          state.waiters[address, default: []].append(
            Waiter(number: number, continuation: continuation))
          return nil
        }
        if let outcome { return continuation.resume(returning: outcome) }
        onWaiting(self, address.sender)
        if Task.isCancelled { resume(number, at: address, returning: .failure(.cancelled)) }
      }
    } onCancel: {
      resume(number, at: address, returning: .failure(.cancelled))
    }
  }

  private func resume(_ number: Int, at address: Address, returning outcome: Outcome) {
    let waiter = state.withLock { $0.takeWaiter(at: address) { $0.number == number } }
    waiter?.continuation.resume(returning: outcome)
  }
}
