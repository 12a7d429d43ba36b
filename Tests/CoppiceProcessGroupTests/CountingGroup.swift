import CoppiceModel
import CoppiceProcessGroup
import Synchronization

/// A number of messages.
final class MessageCount: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add() { count.add(1, ordering: .relaxed) }
}

/// A group that counts the messages of all ranks: a type of a user's own, with the requirements alone.
struct CountingGroup: ProcessGroup {
  let base: LocalProcessGroup
  let sent: MessageCount

  var rank: Int { base.rank }
  var count: Int { base.count }

  func send(_ bytes: [UInt8], to rank: Int, named name: String) async throws(CoppiceError) {
    sent.add()
    try await base.send(bytes, to: rank, named: name)
  }

  func receive(
    from rank: Int, named name: String, before deadline: ContinuousClock.Instant
  ) async throws(CoppiceError) -> [UInt8]? {
    try await base.receive(from: rank, named: name, before: deadline)
  }

  func breakUp(because error: CoppiceError) { base.breakUp(because: error) }
}
