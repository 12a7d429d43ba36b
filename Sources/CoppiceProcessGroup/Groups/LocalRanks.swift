import CoppiceModel
import Synchronization

/// The mailboxes of all ranks of a local group, and who waits for whom.
final class LocalRanks: Sendable {
  private struct Waiting {
    var departures: [Int: Departure] = [:]
    /// The ranks that have waited for a sender.
    ///
    /// Telling all ranks of each end would take the square of their number.
    var receivers: [Int: Set<Int>] = [:]
  }

  /// A box of its own, since the mailboxes hold it and this type holds the mailboxes.
  private final class Registry: Sendable {
    let waiting = Mutex(Waiting())
  }

  private let registry: Registry
  private let mailboxes: [Mailbox]

  init(count: Int) {
    let registry = Registry()
    self.registry = registry
    mailboxes = (0..<count).map { rank in
      Mailbox { mailbox, sender in
        let departure = registry.waiting.withLock { waiting in
          waiting.receivers[sender, default: []].insert(rank)
          return waiting.departures[sender]
        }
        // The sender may have ended before anybody waited for it.
        if let departure { mailbox.end(sender, departure) }
      }
    }
  }

  var count: Int { mailboxes.count }

  subscript(rank: Int) -> Mailbox { mailboxes[rank] }

  func breakUp(because error: CoppiceError) {
    for mailbox in mailboxes { mailbox.breakUp(error) }
  }

  /// Notes that a rank has ended, and wakes those who wait for it; others learn it when they wait.
  func end(_ rank: Int, _ departure: Departure) {
    let receivers = registry.waiting.withLock { waiting in
      waiting.departures[rank] = departure
      return waiting.receivers[rank] ?? []
    }
    for receiver in receivers { mailboxes[receiver].end(rank, departure) }
  }
}
