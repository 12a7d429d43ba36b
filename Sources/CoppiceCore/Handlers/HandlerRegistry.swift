import CoppiceModel

/// The handlers that a program adds for its own types.
///
/// The first of these that matches handles a checkpointable:
///
/// 1. the handler registered for its name;
/// 2. of the handlers registered for types, the last registered for the value's type;
/// 3. the library itself: trees, JSON, files, composites, objects that save themselves, and any
///    `Codable` type.
public struct HandlerRegistry: Sendable {
  private var named: [String: any CheckpointableHandler] = [:]
  private var typed: [any CheckpointableHandler] = []

  /// Creates a registry without handlers, for the types that the library itself knows.
  public init() {}

  /// Registers a handler for every value of its type.
  public mutating func register(_ handler: some CheckpointableHandler) { typed.append(handler) }

  /// Registers a handler for the checkpointable of a name, before the handlers for types.
  public mutating func register(_ handler: some CheckpointableHandler, for name: String) {
    named[name] = handler
  }

  /// Converts a value to a checkpointable.
  ///
  /// - Throws: `handler.none`, `handler.failed`; `state.coding` for a `Codable` value.
  func save(_ value: any Sendable, as name: String) async throws(CoppiceError) -> Checkpointable {
    do {
      if let handler = named[name] {
        if let saved = try await handler.saveIfSuitable(value) { return saved }
        throw Self.unsuitable(value, handler, name)
      }
      for handler in typed.reversed() {
        if let saved = try await handler.saveIfSuitable(value) { return saved }
      }
      if let saved = try await BuiltInHandlers.save(value) { return saved }
    } catch {
      throw Self.wrapped(error, name)
    }
    throw CoppiceError(
      .handlerNone,
      "nothing saves a value of type \(type(of: value)); make it Codable or a "
        + "StatefulCheckpointable, or register a handler",
      at: .init(treePath: name))
  }

  /// Loads a checkpointable as requested.
  ///
  /// - Throws: `handler.none`, `handler.failed`, and the errors of loading trees.
  func load(
    _ stored: Checkpointable, as request: (any Sendable)?, name: String, _ trees: TreeRequests
  ) async throws(CoppiceError) -> any Sendable {
    do {
      if let handler = named[name] { return try await handler.loadAny(stored, as: request) }
      if let request {
        for handler in typed.reversed() where handler.understands(request) {
          return try await handler.loadAny(stored, as: request)
        }
      }
      if let value = try await BuiltInHandlers.load(stored, as: request, trees) { return value }
    } catch {
      throw Self.wrapped(error, name)
    }
    throw CoppiceError(
      .handlerNone,
      "nothing loads this checkpointable as \(request.map { "\(type(of: $0))" } ?? "it was saved"); give an "
        + "abstract tree, a Codable type or value, or an object to load into, or register a handler",
      at: .init(treePath: name))
  }

  private static func unsuitable(
    _ value: any Sendable, _ handler: any CheckpointableHandler, _ name: String
  ) -> CoppiceError {
    CoppiceError(
      .handlerNone,
      "\(type(of: handler)) is registered for this name, but takes no \(type(of: value))",
      at: .init(treePath: name))
  }

  /// Returns an error of the library as it is, with the checkpointable's name; wraps any other
  /// error.
  private static func wrapped(_ error: any Error, _ name: String) -> CoppiceError {
    if let error = error as? CoppiceError { return error.located(treePath: name) }
    if error is CancellationError {
      return CoppiceError(.operationCancelled, "cancelled; nothing was left behind")
    }
    return CoppiceError(
      .handlerFailed, "\(error)", at: .init(treePath: name), cause: .other(error))
  }
}
