package import CoppiceModel

// The work that rank 0 does for all.
extension ProcessGroup {
  /// Does what rank 0 does alone, and names rank 0 in the error.
  nonisolated(nonsending) package func byPrimary<Value>(
    _ body: nonisolated(nonsending) () async throws(CoppiceError) -> Value
  ) async throws(CoppiceError) -> Value {
    do throws(CoppiceError) {
      return try await body()
    } catch {
      guard !error.code.breaksGroup else { throw error }
      var named = error
      named.message = describe(ranks: [0]) + ": " + error.message
      throw named
    }
  }

  /// Has rank 0 decide from what all ranks give it, and returns its answer on all ranks; if it fails, all throw its
  /// error.
  ///
  /// - Parameters:
  ///   - own: The bytes of this rank.
  ///   - name: A name of this operation alone, the same on all ranks.
  ///   - limit: The longest wait for each message.
  ///   - body: Called on rank 0 only, with the bytes of all ranks in their order.
  /// - Throws: As `decide(named:within:_:)`.
  nonisolated(nonsending) package func decide(
    from own: [UInt8], named name: String, within limit: Duration,
    _ body: nonisolated(nonsending) ([[UInt8]]) async throws(CoppiceError) -> [UInt8]
  ) async throws(CoppiceError) -> [UInt8] {
    let operation = GroupOperation(group: self, name: name, limit: limit)
    let all = try await operation.gather(own, to: 0, answers: true)
    return try await decide(named: name, within: limit) { () throws(CoppiceError) in
      try await body(all ?? [])
    }
  }

  /// Returns a label that no other group of the same ranks has, for messages that are kept apart.
  package func label(
    named name: String, within limit: Duration
  ) async throws(CoppiceError) -> String {
    let own = isPrimary ? String(UInt64.random(in: .min ... .max), radix: 36) : ""
    let label = try await broadcast(Array(own.utf8), named: name, within: limit)
    return String(decoding: label, as: UTF8.self)
  }
}
