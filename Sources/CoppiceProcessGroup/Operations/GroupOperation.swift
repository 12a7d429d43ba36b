package import CoppiceModel

/// One operation of a group, as one rank takes part in it: its name and the limit of each wait.
///
/// Rank 0, or another *root*, waits for all others, so only the root can tell who is absent. The others wait longer
/// than the root does, so that its diagnosis reaches them before they give up. A root that waits tells them so:
/// otherwise those who came long before the root would take it for lost.
struct GroupOperation {
  let group: any ProcessGroup
  let name: String
  let limit: Duration

  /// The first byte of a root's answer.
  enum Answer {
    /// The root still waits, for the milliseconds that follow.
    static let wait: UInt8 = 0
    /// All bytes follow.
    static let whole: UInt8 = 1
    /// The number of bytes follows; they come in pieces.
    static let pieces: UInt8 = 2
  }

  /// The time that others wait longer than the root.
  var slack: Duration { limit / 8 + .seconds(2) }

  /// The time that others wait for an answer.
  var patience: Duration { limit + slack }

  /// The ranks other than this one.
  var others: [Int] { (0..<group.count).filter { $0 != group.rank } }

  // MARK: One message

  func send(_ bytes: [UInt8], to rank: Int, part: String = "") async throws(CoppiceError) {
    try await group.send(bytes, to: rank, named: messageName(part))
  }

  /// Returns the next message of a part, or `nil` after the deadline; a sender that has ended breaks the group.
  func message(
    from rank: Int, part: String = "", before deadline: ContinuousClock.Instant
  ) async throws(CoppiceError) -> [UInt8]? {
    do throws(CoppiceError) {
      return try await group.receive(from: rank, named: messageName(part), before: deadline)
    } catch {
      if error.code.isLoss { group.breakUp(because: error) }
      throw error
    }
  }

  /// Returns the next message of a part; a sender that doesn't come in time breaks the group.
  func message(
    from rank: Int, part: String = "", within patience: Duration
  ) async throws(CoppiceError) -> [UInt8] {
    if let bytes = try await message(from: rank, part: part, before: .now + patience) {
      return bytes
    }
    throw lost([rank], after: patience)
  }

  /// Breaks the group and returns the error that names the absent ranks.
  func lost(_ ranks: [Int], after patience: Duration) -> CoppiceError {
    let error = CoppiceError(
      .operationAbsentRank,
      "\(group.describe(ranks: ranks)) did not come to \"\(name.printable)\" within "
        + patience.inSeconds)
    group.breakUp(because: error)
    return error
  }

  /// Returns the error of a message that no operation of this version sends.
  func malformed(from rank: Int) -> CoppiceError {
    CoppiceError(
      .usageMessage,
      "\(group.describe(ranks: [rank])) sent \"\(name.printable)\" for another operation; each "
        + "operation needs a name of its own, and all ranks the same version of the library")
  }

  private func messageName(_ part: String) -> String {
    part.isEmpty ? name : ProcessMessage.name(name, part: part)
  }

  // MARK: All to one

  /// Returns the first messages of all ranks, at the root; `own` is the root's.
  ///
  /// - Parameter answers: Whether the others wait for an answer, and need to know that the root is there.
  func collect(_ own: [UInt8], answers: Bool) async throws(CoppiceError) -> [[UInt8]] {
    var messages = [[UInt8]](repeating: [], count: group.count)
    messages[group.rank] = own
    let start = ContinuousClock.now
    let early = min(limit / 4, .milliseconds(250))
    var absent = try await take(others, before: start + early, into: &messages)
    if !absent.isEmpty {
      if answers { try await announceWait(limit - early, to: others) }
      absent = try await take(absent, before: start + limit, into: &messages)
    }
    guard absent.isEmpty else { throw lost(absent, after: limit) }
    return messages
  }

  /// Takes one message of each rank; returns the ranks that sent none before the deadline.
  private func take(
    _ ranks: [Int], before deadline: ContinuousClock.Instant, into messages: inout [[UInt8]]
  ) async throws(CoppiceError) -> [Int] {
    var absent: [Int] = []
    for rank in ranks {
      if let bytes = try await message(from: rank, before: deadline) {
        messages[rank] = bytes
      } else {
        absent.append(rank)
      }
    }
    return absent
  }

  /// Tells ranks that wait for an answer how long the root may still wait for others.
  func announceWait(
    _ time: Duration, to ranks: [Int], part: String = "answer"
  ) async throws(CoppiceError) {
    var writer = MessageWriter()
    writer.write(Answer.wait)
    writer.write(time.milliseconds)
    for rank in ranks { try await send(writer.bytes, to: rank, part: part) }
  }

  // MARK: One to all

  /// Returns the root's answer, which may announce that it comes later.
  func answer(
    from root: Int, part: String = "answer", within patience: Duration
  ) async throws(CoppiceError) -> [UInt8] {
    var patience = patience
    while true {
      let bytes = try await message(from: root, part: part, within: patience)
      guard bytes.first == Answer.wait else { return bytes }
      var reader = MessageReader(bytes.dropFirst())
      guard let milliseconds = reader.integer() else { throw malformed(from: root) }
      patience = .milliseconds(milliseconds) + slack
    }
  }
}

extension CoppiceError.Code {
  /// Whether a rank was lost.
  var isLoss: Bool { self == .operationAbsentRank || self == .operationRankFailed }

  /// Whether no more messages can be sent after an error: a rank was lost, now or before.
  package var breaksGroup: Bool { isLoss || self == .operationBrokenGroup }
}

extension Duration {
  /// The whole milliseconds.
  var milliseconds: Int {
    Int(clamping: components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }

  /// The text for messages: `60 s`, `0.25 s`.
  var inSeconds: String {
    let thousandths = milliseconds % 1000
    var digits = "\(1000 + thousandths)".dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(components.seconds)" + (digits.isEmpty ? "" : ".\(digits)") + " s"
  }
}
