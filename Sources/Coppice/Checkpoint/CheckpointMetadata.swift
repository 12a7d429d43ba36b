public import CoppiceModel

/// What is known of a checkpoint, or of one of its trees, without reading array data.
public struct CheckpointMetadata<Content: Sendable>: Sendable {
  /// The format's name as the tool prints it.
  public var format: String
  /// What the checkpoint holds.
  public var content: Content
  /// The training step.
  public var step: Int?
  /// The metrics recorded with it: a JSON object.
  public var metrics: JSON?
  /// The user's own metadata: a JSON object.
  public var custom: JSON?
  /// When saving began, in nanoseconds since 1970.
  public var initTime: Int?
  /// When the save was committed, in nanoseconds since 1970.
  public var commitTime: Int?
  /// What was odd yet tolerated.
  public var warnings: [CoppiceError]

  init(_ contents: CheckpointContents, content: Content) {
    format = contents.format
    self.content = content
    step = contents.step
    metrics = contents.metrics
    custom = contents.custom
    initTime = contents.initTime
    commitTime = contents.commitTime
    warnings = contents.warnings
  }
}

extension CheckpointMetadata where Content == Tree<ArrayMetadata> {
  /// What is known of the tree of a name, or of the one that is meant without a name.
  ///
  /// - Throws: `usage.no-such-part`, `usage.choice`.
  init(tree name: String?, of contents: CheckpointContents) throws(CoppiceError) {
    let tree = try PartChoice.tree(name, of: contents.root)
    self.init(contents, content: tree.replacingLeaves { .leaf($0.metadata) })
  }
}

extension CheckpointMetadata where Content == [(name: String, part: CheckpointableMetadata)] {
  /// What is known of each part; one tree without a name has the empty name.
  init(partsOf contents: CheckpointContents) {
    let items: [NamedCheckpointable] =
      switch contents.root {
      case .named(let items): items
      case .unnamed(let item): [NamedCheckpointable("", item)]
      }
    self.init(contents, content: items.map { ($0.name, CheckpointableMetadata($0.value)) })
  }
}

/// What is known of one part of a checkpoint.
public indirect enum CheckpointableMetadata: Sendable {
  /// A tree: its containers and values, and of each array what it is.
  case tree(Tree<ArrayMetadata>)
  /// A document, whole: it is metadata itself.
  case json(JSON)
  /// The files' paths with their sizes in bytes.
  case files([(path: String, byteCount: Int)])
  /// Parts in a part.
  case composite([(name: String, part: CheckpointableMetadata)])

  init(_ part: Checkpointable) {
    switch part {
    case .tree(let tree): self = .tree(tree.replacingLeaves { .leaf($0.metadata) })
    case .json(let json): self = .json(json)
    case .files(let files): self = .files(files.map { ($0.path, $0.bytes.byteCount) })
    case .composite(let items):
      self = .composite(items.map { ($0.name, CheckpointableMetadata($0.value)) })
    }
  }
}

extension Checkpoint {
  /// What is known of one tree: containers, values, and each array's type, shape and sharding.
  ///
  /// No file of array data is opened.
  ///
  /// - Parameter name: Which tree; chosen as by `load` otherwise.
  /// - Throws: As `load` does before it reads array data.
  public static func metadata(
    at path: FilePath, name: String? = nil, opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> CheckpointMetadata<Tree<ArrayMetadata>> {
    let contents = try await open(path, opening: opening)
    do throws(CoppiceError) {
      return try CheckpointMetadata(tree: name, of: contents)
    } catch {
      throw error.located(file: path.string)
    }
  }

  /// What is known of each part, by name; one tree without a name has the empty name.
  ///
  /// - Throws: As `open`.
  public static func checkpointablesMetadata(
    at path: FilePath, opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> CheckpointMetadata<[(name: String, part: CheckpointableMetadata)]>
  {
    let contents = try await open(path, opening: opening)
    return CheckpointMetadata(partsOf: contents)
  }
}
