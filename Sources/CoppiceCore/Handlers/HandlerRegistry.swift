import CoppiceModel

/// The handlers that a program adds for its own types.
///
/// Resolution, first match wins:
///
/// 1. the handler registered for the part's name;
/// 2. of the handlers registered for types, the last one whose type it is;
/// 3. what the library knows: trees, JSON, files, parts with parts, objects that save themselves,
///    and any `Codable` type.
public struct HandlerRegistry: Sendable {
  private var named: [String: any CheckpointableHandler] = [:]
  private var typed: [any CheckpointableHandler] = []

  /// Makes a registry without handlers: only what the library knows is saved and loaded.
  public init() {}

  /// Uses a handler for every value of its type.
  public mutating func register(_ handler: some CheckpointableHandler) { typed.append(handler) }

  /// Uses a handler for the part of this name, whatever others say.
  public mutating func register(_ handler: some CheckpointableHandler, for name: String) {
    named[name] = handler
  }

  /// The part that a value becomes.
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

  /// The value that a part stands for, as it is asked for.
  ///
  /// - Throws: `handler.none`, `handler.failed`, and what loading trees throws.
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
      "nothing loads this part as \(request.map { "\(type(of: $0))" } ?? "it was saved"); give an "
        + "abstract tree, a Codable type or an object to load into, or register a handler",
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

  /// Errors of the library pass; others become the cause of one that names the part.
  private static func wrapped(_ error: any Error, _ name: String) -> CoppiceError {
    if let error = error as? CoppiceError { return error.located(treePath: name) }
    if error is CancellationError {
      return CoppiceError(.operationCancelled, "cancelled; nothing was left behind")
    }
    return CoppiceError(
      .handlerFailed, "\(error)", at: .init(treePath: name), cause: .other(error))
  }
}
