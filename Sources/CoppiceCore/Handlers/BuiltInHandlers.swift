import CoppiceModel
import CoppiceState

/// The values that the library saves and loads without handlers.
enum BuiltInHandlers {
  /// Converts a value to a checkpointable; `nil` when the library doesn't know its type.
  static func save(_ value: any Sendable) async throws -> Checkpointable? {
    switch value {
    case let content as Checkpointable: content
    case let tree as Tree<NDArray>: .tree(tree.asSources)
    case let tree as Tree<ArrayLeaf>: .tree(tree)
    case let array as NDArray: .tree(.leaf(ArrayLeaf(array)))
    case let json as JSON: .json(json)
    case let files as [CheckpointFile]: .files(files)
    case let items as [NamedCheckpointable]: .composite(items)
    case let object as any StatefulCheckpointable: try await object.save()
    case let state as any Encodable:
      .tree(
        try TreeEncoder().encode(state).asSources)
    default: nil
    }
  }

  /// Loads a checkpointable as requested; `nil` when the library doesn't know the kind of request.
  static func load(
    _ stored: Checkpointable, as request: (any Sendable)?, _ trees: TreeRequests
  ) async throws -> (any Sendable)? {
    switch (stored, request) {
    case (_, nil): return try await asSaved(stored, trees)
    case (_, let object as any StatefulCheckpointable):
      try await object.load(from: stored)
      return object
    case (.tree(let tree), let abstract as Tree<AbstractLeaf>):
      return try await trees.load(tree, as: abstract)
    case (.tree(let tree), let type as any (Decodable & Sendable).Type):
      return try await trees.load(type, from: tree)
    case (.tree(let tree), let target as any Codable & Sendable):
      return try await trees.load(tree, like: target)
    case (.json(let json), is JSON.Type): return json
    case (.json(let json), let type as any (Decodable & Sendable).Type):
      return try json.decode(type)
    default: return nil
    }
  }

  private static func asSaved(
    _ stored: Checkpointable, _ trees: TreeRequests
  ) async throws -> any Sendable {
    switch stored {
    case .tree(let tree): return try await trees.load(tree, as: nil)
    case .json(let json): return json
    case .files(let files): return files
    case .composite(let items):
      var loaded = LoadedCheckpointables()
      for item in items { loaded.append(item.name, try await asSaved(item.value, trees)) }
      return loaded
    }
  }
}
