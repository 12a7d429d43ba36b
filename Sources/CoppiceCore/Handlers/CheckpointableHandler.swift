public import CoppiceModel

/// A type that converts values of one type to checkpointables, and back.
///
/// A handler deals with the model only. The writer stores the checkpointables that it returns, and
/// the ones that it loads may come from any format.
public protocol CheckpointableHandler<Value, Abstract>: Sendable {
  /// The type of the values that are saved and loaded.
  associatedtype Value: Sendable
  /// The type of a caller's request for a value; `Never` where a value can only be loaded as saved.
  associatedtype Abstract: Sendable = Never

  /// Converts a value to a checkpointable.
  func save(_ value: Value) async throws -> Checkpointable

  /// Loads a value from a checkpointable.
  ///
  /// - Parameters:
  ///   - stored: The checkpointable, with sources that read its data.
  ///   - abstract: The caller's request; `nil` for "as saved".
  func load(_ stored: Checkpointable, as abstract: Abstract?) async throws -> Value
}

extension CheckpointableHandler {
  /// Converts a value whose type is known only at run time; `nil` when it isn't the handler's type.
  func saveIfSuitable(_ value: any Sendable) async throws -> Checkpointable? {
    guard let value = value as? Value else { return nil }
    return try await save(value)
  }

  /// Tells whether this handler understands a request.
  func understands(_ request: any Sendable) -> Bool {
    request is Abstract || request as? any Any.Type == Value.self
  }

  /// Loads a value for a request whose type is known only at run time.
  func loadAny(_ stored: Checkpointable, as request: (any Sendable)?) async throws -> any Sendable {
    try await load(stored, as: request as? Abstract)
  }
}
