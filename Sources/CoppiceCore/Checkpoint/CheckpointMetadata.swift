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
  /// When saving began.
  public var initTime: Timestamp?
  /// When the save was committed.
  public var commitTime: Timestamp?
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
    warnings = contents.allWarnings
  }
}

extension CheckpointMetadata where Content == Tree<ArrayMetadata> {
  /// What is known of the tree of a name, or of the one that is meant without a name.
  ///
  /// - Throws: `usage.no-such-part`, `usage.choice`; the fault of a leaf without a description.
  package init(tree name: String?, of contents: CheckpointContents) throws(CoppiceError) {
    let tree = try CheckpointableChoice.tree(name, of: contents)
    self.init(contents, content: try tree.metadata())
  }
}

extension CheckpointMetadata where Content == [(name: String, part: CheckpointableMetadata)] {
  /// What is known of each part; one tree without a name has the empty name.
  ///
  /// - Throws: `io.*`, `operation.cancelled`.
  package init(partsOf contents: CheckpointContents) throws(CoppiceError) {
    let items: [NamedCheckpointable] =
      switch contents.root {
      case .named(let items): items
      case .unnamed(let item): [NamedCheckpointable("", item)]
      }
    let parts = try items.map { (item) throws(CoppiceError) in
      (item.name, try CheckpointableMetadata(item))
    }
    self.init(contents, content: parts)
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
  /// Checkpointables in a checkpointable.
  case composite([(name: String, part: CheckpointableMetadata)])
  /// A checkpointable that can't be loaded, and why.
  case faulty(CoppiceError)

  /// - Throws: `io.*`, `operation.cancelled`.
  init(_ item: NamedCheckpointable) throws(CoppiceError) {
    do throws(CoppiceError) {
      try self.init(try item.value)
    } catch {
      guard error.code.isInputFault else { throw error }
      self = .faulty(error)
    }
  }

  private init(_ part: Checkpointable) throws(CoppiceError) {
    switch part {
    case .tree(let tree):
      self = .tree(try tree.metadata())
    case .json(let json): self = .json(json)
    case .files(let files): self = .files(files.map { ($0.path, $0.bytes.byteCount) })
    case .composite(let items):
      self = .composite(
        try items.map { (item) throws(CoppiceError) in
          (item.name, try CheckpointableMetadata(item))
        })
    }
  }
}

extension Tree<ArrayLeaf> {
  /// Returns the description of each leaf.
  ///
  /// - Throws: The fault of the first leaf without one.
  fileprivate func metadata() throws(CoppiceError) -> Tree<ArrayMetadata> {
    var isComplete = true
    let described = replacingLeaves { (leaf) -> Tree<ArrayMetadata> in
      if let metadata = try? leaf.metadata { return .leaf(metadata) }
      isComplete = false
      return .value(.null)
    }
    if isComplete { return described }
    // The paths of large trees take longer than all else, and only an error needs one.
    return try mapLeaves { (path, leaf) throws(CoppiceError) in
      do throws(CoppiceError) {
        return try leaf.metadata
      } catch {
        throw error.located(treePath: path.description)
      }
    }
  }
}

extension Checkpoint {
  /// What is known of one tree: containers, values, and each array's type, shape and sharding.
  ///
  /// No file of array data is opened. `open` also lists trees with leaves that have no description.
  ///
  /// - Parameters:
  ///   - path: The checkpoint.
  ///   - name: Which tree; chosen as by `load` otherwise.
  ///   - opening: Which formats are tried, and what is trusted.
  /// - Throws: As `load` does before it reads array data; the fault of a leaf without a description.
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
  /// A damaged one is listed with its fault.
  ///
  /// - Throws: As `open`.
  public static func checkpointablesMetadata(
    at path: FilePath, opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> CheckpointMetadata<[(name: String, part: CheckpointableMetadata)]>
  {
    let contents = try await open(path, opening: opening)
    return try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try CheckpointMetadata(partsOf: contents)
    }
  }
}
