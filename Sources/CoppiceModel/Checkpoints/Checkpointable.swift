/// One named part of a checkpoint, by kind.
///
/// Spec: MOD-7.
public indirect enum Checkpointable: Sendable {
  /// Nested containers with arrays as leaves.
  case tree(Tree<ArrayLeaf>)
  /// A JSON document; the text of its numbers is kept.
  case json(JSON)
  /// Files that nothing here interprets.
  case files([CheckpointFile])
  /// Further named parts.
  case composite([NamedCheckpointable])
}

/// A part with its name.
public struct NamedCheckpointable: Sendable {
  /// The name, unique among its siblings.
  public var name: String

  /// What the part is.
  public var value: Checkpointable

  /// Makes a named part.
  public init(_ name: String, _ value: Checkpointable) {
    self.name = name
    self.value = value
  }
}

/// A file carried over as it is.
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
