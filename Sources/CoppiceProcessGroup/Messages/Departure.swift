package import CoppiceModel

/// The end of a rank's part in its group.
package struct Departure: Sendable {
  /// The words for the rank.
  package var rank: String
  /// The error with which the rank ended, if there was one.
  package var failure: CoppiceError?

  package init(rank: String, failure: CoppiceError?) {
    self.rank = rank
    self.failure = failure
  }

  /// Returns the error of a call that waits for a message of the rank.
  func error(at address: Mailbox.Address) -> CoppiceError {
    let operation = ProcessMessage.operation(ofMessageNamed: address.name)
    guard let failure else {
      return CoppiceError(
        .operationAbsentRank, "\(rank) ended without coming to \"\(operation.printable)\"")
    }
    return CoppiceError(
      .operationRankFailed,
      "\(rank) failed before \"\(operation.printable)\" was done: \(failure.description)",
      at: failure.location, cause: .other(failure))
  }
}
