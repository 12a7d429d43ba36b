public import CoppiceModel

/// Turns values of one type into parts of a checkpoint, and back.
///
/// A handler knows the model only: what it makes is stored by the writer, and what it is given may
/// come from any format that is read.
public protocol CheckpointableHandler<Value, Abstract>: Sendable {
  /// What is saved and loaded.
  associatedtype Value: Sendable
  /// What a caller may say about the value to be loaded; `Never` where nothing can be said.
  associatedtype Abstract: Sendable = Never

  /// The part of the checkpoint that a value becomes.
  func save(_ value: Value) async throws -> Checkpointable

  /// The value that a part of a checkpoint stands for.
  ///
  /// - Parameters:
  ///   - stored: The part, with sources to read from.
  ///   - abstract: What the caller said about it; `nil` for "as saved".
  func load(_ stored: Checkpointable, as abstract: Abstract?) async throws -> Value
}

extension CheckpointableHandler {
  /// Saves a value of a type that is known at run time only; `nil` when it isn't the handler's.
  func saveIfSuitable(_ value: any Sendable) async throws -> Checkpointable? {
    guard let value = value as? Value else { return nil }
    return try await save(value)
  }

  /// Tells whether a request is one that this handler understands.
  func understands(_ request: any Sendable) -> Bool {
    request is Abstract || request as? any Any.Type == Value.self
  }

  /// Loads for a request of a type that is known at run time only.
  func loadAny(_ stored: Checkpointable, as request: (any Sendable)?) async throws -> any Sendable {
    try await load(stored, as: request as? Abstract)
  }
}
