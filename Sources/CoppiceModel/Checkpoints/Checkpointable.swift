/// The content of a checkpointable, by kind.
///
/// Spec: MOD-7.
public indirect enum Checkpointable: Sendable {
  /// Nested containers with arrays as leaves.
  case tree(Tree<ArrayLeaf>)
  /// A JSON document, which keeps the text of its numbers.
  case json(JSON)
  /// Files that the library doesn't interpret.
  case files([CheckpointFile])
  /// Further named checkpointables.
  case composite([NamedCheckpointable])

  /// The kinds of checkpointables.
  public enum Kind: String, Sendable {
    case tree, json, files, composite
  }

  /// The kind of this content.
  public var kind: Kind {
    switch self {
    case .tree: .tree
    case .json: .json
    case .files: .files
    case .composite: .composite
    }
  }
}

/// A file that is stored unchanged.
public struct CheckpointFile: Sendable {
  /// The path inside the checkpointable: components joined by `/`, none of them `.` or `..`.
  public var path: String

  /// The file's bytes.
  public var bytes: any ByteSource

  /// Makes a file.
  public init(path: String, bytes: any ByteSource) {
    self.path = path
    self.bytes = bytes
  }
}
