import CoppiceModel

// Payloads of any size. What is small goes along with the first message; a larger payload follows in pieces, of which
// a few are on the way at once, when the receiver asks for them: so nobody's mailbox fills up.
extension GroupOperation {
  /// The most bytes that go along with a first message.
  static let inlineBytes = 1 << 16

  /// The bytes of a piece.
  static let pieceBytes = 1 << 22

  /// The number of pieces that a receiver asks for at once.
  static let window = 4

  /// The most bytes of a small payload, sent to all, that the root has on the way.
  private static let flatBytes = 1 << 24

  // MARK: To one rank

  /// Returns the payloads of all ranks at the root, and `nil` elsewhere.
  ///
  /// - Parameter answers: Whether the others wait for an answer.
  func gather(
    _ bytes: [UInt8], to root: Int, answers: Bool
  ) async throws(CoppiceError) -> [[UInt8]]? {
    guard group.rank == root else {
      try await sendPayload(bytes, to: root)
      return nil
    }
    let heads = try await collect([Answer.whole], answers: answers)
    var last = ContinuousClock.now
    var payloads = [[UInt8]](repeating: [], count: group.count)
    for (rank, head) in heads.enumerated() {
      payloads[rank] =
        rank == root
        ? bytes
        : try await payload(from: rank, head: head) { () throws(CoppiceError) in
          // Ranks whose turn comes late must not take the root for lost.
          guard ContinuousClock.now - last > limit / 4 else { return }
          last = .now
          let later = others.filter { $0 > rank && heads[$0].first == Answer.pieces }
          try await announceWait(limit, to: later, part: "request")
          if answers { try await announceWait(limit, to: others) }
        }
    }
    return payloads
  }

  /// Returns the first message of a payload.
  private func head(of bytes: [UInt8], isWhole: Bool) -> [UInt8] {
    if isWhole { return [Answer.whole] + bytes }
    var writer = MessageWriter()
    writer.write(Answer.pieces)
    writer.write(bytes.count)
    return writer.bytes
  }

  private func sendPayload(_ bytes: [UInt8], to root: Int) async throws(CoppiceError) {
    let isWhole = bytes.count <= Self.inlineBytes
    try await send(head(of: bytes, isWhole: isWhole), to: root)
    guard !isWhole else { return }
    for index in 0..<Self.pieceCount(bytes.count) {
      // The root asks when it has all first messages, so it may wait for others before.
      if Self.isAsked(index) { try await awaitRequest(from: root, within: limit + patience) }
      try await send(Self.piece(index, of: bytes), to: root, part: "piece \(index)")
    }
  }

  /// Returns the payload of a rank whose first message is there.
  ///
  /// - Parameter onProgress: Called after every few pieces.
  private func payload(
    from rank: Int, head: [UInt8], _ onProgress: () async throws(CoppiceError) -> Void
  ) async throws(CoppiceError) -> [UInt8] {
    guard let count = try pieces(in: head, from: rank) else { return Array(head.dropFirst()) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in 0..<Self.pieceCount(count) {
      if Self.isAsked(index) {
        try await request(from: rank)
        try await onProgress()
      }
      bytes += try await message(from: rank, part: "piece \(index)", within: patience)
    }
    guard bytes.count == count else { throw malformed(from: rank) }
    return bytes
  }

  /// Returns the number of bytes that follow in pieces, and `nil` if all are here.
  private func pieces(in head: [UInt8], from rank: Int) throws(CoppiceError) -> Int? {
    if head.first == Answer.whole { return nil }
    var reader = MessageReader(head.dropFirst())
    guard head.first == Answer.pieces, let count = reader.integer(), count >= 0 else {
      throw malformed(from: rank)
    }
    return count
  }

  /// Waits until a receiver asks for more pieces.
  private func awaitRequest(
    from rank: Int, within patience: Duration
  ) async throws(CoppiceError) {
    _ = try await answer(from: rank, part: "request", within: patience)
  }

  private func request(from rank: Int) async throws(CoppiceError) {
    try await send([Answer.whole], to: rank, part: "request")
  }

  // MARK: To all ranks

  /// Sends the root's payload to all others, and returns it on all ranks.
  func distribute(_ bytes: [UInt8], from root: Int) async throws(CoppiceError) -> [UInt8] {
    guard group.count > 1 else { return bytes }
    guard group.rank == root else {
      let head = try await answer(from: root, within: patience)
      guard let count = try pieces(in: head, from: root) else { return Array(head.dropFirst()) }
      return try await relay([], count, from: root)
    }
    let isWhole =
      bytes.count <= 1 << 10
      || bytes.count <= Self.inlineBytes && bytes.count * group.count <= Self.flatBytes
    let head = head(of: bytes, isWhole: isWhole)
    for rank in others { try await send(head, to: rank, part: "answer") }
    return isWhole ? bytes : try await relay(bytes, bytes.count, from: root)
  }

  /// Passes pieces down a binary tree of the ranks, whose top is the root: each rank sends each piece twice at most,
  /// and the pieces follow one another down the tree.
  private func relay(
    _ whole: [UInt8], _ count: Int, from root: Int
  ) async throws(CoppiceError) -> [UInt8] {
    let place = (group.rank - root + group.count) % group.count
    let children = [2 * place + 1, 2 * place + 2].filter { $0 < group.count }
      .map { ($0 + root) % group.count }
    let parent = place > 0 ? ((place - 1) / 2 + root) % group.count : nil
    var bytes = whole
    bytes.reserveCapacity(count)
    for index in 0..<Self.pieceCount(count) {
      let piece: [UInt8]
      if let parent {
        if Self.isAsked(index) { try await request(from: parent) }
        piece = try await message(from: parent, part: "piece \(index)", within: patience)
        bytes += piece
      } else {
        piece = Self.piece(index, of: whole)
      }
      for child in children {
        if Self.isAsked(index) { try await awaitRequest(from: child, within: patience) }
        try await send(piece, to: child, part: "piece \(index)")
      }
    }
    guard bytes.count == count else { throw malformed(from: parent ?? root) }
    return bytes
  }

  // MARK: Pieces

  /// Whether a receiver asks before this piece.
  private static func isAsked(_ index: Int) -> Bool { index % window == 0 }

  private static func pieceCount(_ byteCount: Int) -> Int {
    byteCount / pieceBytes + (byteCount % pieceBytes > 0 ? 1 : 0)
  }

  private static func piece(_ index: Int, of bytes: [UInt8]) -> [UInt8] {
    Array(bytes.dropFirst(index * pieceBytes).prefix(pieceBytes))
  }
}
