public import CoppiceModel

// Agreement on what went wrong, before the next phase of an operation begins.
extension ProcessGroup {
  /// Agrees on the errors of all ranks: if any failed, all throw the same error.
  ///
  /// The error has the code and the location of the first rank that failed, and its message names the ranks. The
  /// group is whole afterwards. A rank that didn't fail gives `nil`.
  ///
  /// - Throws: The error agreed on; as `gather`.
  public func agree(
    on error: CoppiceError?, named name: String, within limit: Duration
  ) async throws(CoppiceError) {
    let operation = GroupOperation(group: self, name: name, limit: limit)
    let errors = try await operation.gather(error?.messageBytes ?? [], to: 0, answers: true)
    let verdict: [UInt8]
    if let errors {
      verdict = try await operation.handOver(
        Verdict(of: errors, in: self)?.error.messageBytes ?? [], orError: \.messageBytes)
    } else {
      verdict = try await operation.distribute([], from: 0)
    }
    guard !verdict.isEmpty else { return }
    guard let error = CoppiceError(messageBytes: verdict) else {
      throw operation.malformed(from: 0)
    }
    throw error
  }

  /// Does a part of an operation on each rank, and returns when all have done theirs; if any failed, all throw
  /// the same error.
  ///
  /// - Throws: As `agree(on:named:within:)`.
  nonisolated(nonsending) public func agree<Value>(
    named name: String, within limit: Duration,
    _ body: nonisolated(nonsending) () async throws(CoppiceError) -> Value
  ) async throws(CoppiceError) -> Value {
    let value: Value
    do throws(CoppiceError) {
      value = try await body()
    } catch {
      // Agreement throws an error that names this rank, unless a rank is lost meanwhile.
      try await agree(on: error, named: name, within: limit)
      throw error
    }
    try await agree(on: nil, named: name, within: limit)
    return value
  }

  /// Does a part of an operation on each rank, and has rank 0 decide on what all have found; if any failed, all throw
  /// the same error.
  ///
  /// - Parameters:
  ///   - name: A name of this operation alone, the same on all ranks.
  ///   - limit: The longest wait for each message.
  ///   - body: Returns the value of this rank, and its finding for rank 0.
  ///   - decide: Returns the decision on the findings of all ranks, in their order; called on rank 0 only.
  /// - Returns: The value of this rank, and the decision.
  /// - Throws: As `agree(on:named:within:)`.
  nonisolated(nonsending) package func agree<Value>(
    named name: String, within limit: Duration,
    _ body: nonisolated(nonsending) () async throws(CoppiceError) -> (Value, finding: [UInt8]),
    deciding decide: ([[UInt8]]) -> [UInt8]
  ) async throws(CoppiceError) -> (value: Value, decision: [UInt8]) {
    let operation = GroupOperation(group: self, name: name, limit: limit)
    let outcome: Result<(Value, finding: [UInt8]), CoppiceError>
    do throws(CoppiceError) {
      outcome = .success(try await body())
    } catch {
      outcome = .failure(error)
    }
    let message =
      switch outcome {
      case .success(let found): [1] + found.finding
      case .failure(let error): [0] + error.messageBytes
      }
    let answer: [UInt8]
    if let all = try await operation.gather(message, to: 0, answers: true) {
      let errors = all.map { $0.first == 0 ? Array($0.dropFirst()) : [] }
      answer = try await operation.handOver(
        Verdict(of: errors, in: self).map { [0] + $0.error.messageBytes }
          ?? [1] + decide(all.map { Array($0.dropFirst()) })
      ) { [0] + $0.messageBytes }
    } else {
      answer = try await operation.distribute([], from: 0)
    }
    let decision = try operation.open(answer)
    return (try outcome.get().0, decision)
  }

  /// Has rank 0 decide, and returns its answer on all ranks; if it fails, all throw its error.
  ///
  /// The closure is called on rank 0 only. The others wait for the limit, so it must not take longer.
  ///
  /// - Throws: The error of `body`, the same on all ranks; as `gather`.
  nonisolated(nonsending) public func decide(
    named name: String, within limit: Duration,
    _ body: nonisolated(nonsending) () async throws(CoppiceError) -> [UInt8]
  ) async throws(CoppiceError) -> [UInt8] {
    let operation = GroupOperation(group: self, name: name, limit: limit)
    guard isPrimary else {
      return try operation.open(try await operation.distribute([], from: 0))
    }
    let outcome: Result<[UInt8], CoppiceError>
    do throws(CoppiceError) {
      outcome = .success(try await body())
    } catch {
      // A group that is broken can't be told.
      guard !error.code.breaksGroup else { throw error }
      outcome = .failure(error)
    }
    let answer =
      switch outcome {
      case .success(let answer): [1] + answer
      case .failure(let error): [0] + error.messageBytes
      }
    _ = try await operation.handOver(answer) { [0] + $0.messageBytes }
    return try outcome.get()
  }
}

extension GroupOperation {
  /// Sends rank 0's answer to all; if that fails, its error in the place of the answer.
  ///
  /// - Parameter form: Returns the answer that is an error.
  /// - Throws: The error of sending, which names rank 0.
  fileprivate func handOver(
    _ answer: [UInt8], orError form: (CoppiceError) -> [UInt8]
  ) async throws(CoppiceError) -> [UInt8] {
    do throws(CoppiceError) {
      return try await group.byPrimary { () throws(CoppiceError) in
        try await distribute(answer, from: 0)
      }
    } catch {
      // A group that is broken can't be told.
      if !error.code.breaksGroup { _ = try await distribute(form(error), from: 0) }
      throw error
    }
  }

  /// Returns the decision in an answer of rank 0, or throws the error in it.
  fileprivate func open(_ answer: [UInt8]) throws(CoppiceError) -> [UInt8] {
    if answer.first == 1 { return Array(answer.dropFirst()) }
    guard answer.first == 0, let error = CoppiceError(messageBytes: answer.dropFirst()) else {
      throw malformed(from: 0)
    }
    throw error
  }
}

/// The error that all ranks throw.
package struct Verdict {
  package let error: CoppiceError

  /// Makes the verdict on the ranks' errors, of which empty ones are none; returns `nil` if there is none.
  package init?(of messages: [[UInt8]], in group: some ProcessGroup) {
    let failures = messages.enumerated().compactMap { rank, bytes in
      bytes.isEmpty
        ? nil
        : CoppiceError(messageBytes: bytes).map { (rank: rank, error: $0) }
    }
    guard let first = failures.first else { return nil }
    let same = failures.filter {
      $0.error == first.error && $0.error.message == first.error.message
    }
    let others = failures.map(\.rank).filter { rank in !same.contains { $0.rank == rank } }
    var error = first.error
    error.message = group.describe(ranks: same.map(\.rank)) + ": " + error.message
    if !others.isEmpty { error.message += "; also failed: " + group.describe(ranks: others) }
    self.error = error
  }
}
