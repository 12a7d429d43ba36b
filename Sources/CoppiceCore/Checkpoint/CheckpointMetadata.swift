public import CoppiceModel

/// The metadata of a checkpoint, and of one or all of its checkpointables, without array data.
public struct CheckpointMetadata<Content: Sendable>: Sendable {
  /// The format's name as the tool prints it.
  public var format: String
  /// The description of one tree, or of each checkpointable by name.
  public var content: Content
  /// The training step.
  public var step: Int?
  /// The metrics recorded with it: a JSON object.
  public var metrics: JSON?
  /// The user's own metadata: a JSON object.
  public var custom: JSON?
  /// The time at which saving began.
  public var initTime: Timestamp?
  /// The time at which the save was committed.
  public var commitTime: Timestamp?
  /// The irregularities that the reader tolerated.
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
  /// Describes the tree of a name, or the one that a call without a name loads.
  ///
  /// - Throws: `usage.no-such-checkpointable`, `usage.choice`; the fault of a leaf without a description.
  package init(tree name: String?, of contents: CheckpointContents) throws(CoppiceError) {
    let tree = try CheckpointableChoice.tree(name, of: contents)
    self.init(contents, content: try tree.metadata())
  }
}

extension CheckpointMetadata where Content == [(name: String, value: CheckpointableMetadata)] {
  /// Describes each checkpointable; one tree without a name has the empty name.
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

/// The metadata of one checkpointable.
public indirect enum CheckpointableMetadata: Sendable {
  /// A tree: its containers and values, and the type, shape and sharding of each array.
  case tree(Tree<ArrayMetadata>)
  /// A JSON value, whole.
  case json(JSON)
  /// The files' paths with their sizes in bytes.
  case files([(path: String, byteCount: Int)])
  /// A composite: the metadata of each of its checkpointables.
  case composite([(name: String, value: CheckpointableMetadata)])
  /// A checkpointable that can't be loaded, with the reason.
  case faulty(CoppiceError)

  /// Describes a checkpointable; a damaged one becomes `faulty`.
  ///
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
    // Making the paths of a large tree takes longer than everything else; only an error needs one.
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
  /// Returns the metadata of one tree: its containers, values, and each array's type, shape and
  /// sharding.
  ///
  /// No data file is opened. Where some leaves have no readable description, use `open` instead.
  ///
  /// - Parameters:
  ///   - path: The checkpoint.
  ///   - name: The name of the tree; `nil` chooses as `load` does.
  ///   - opening: The formats that are tried, the checks that are made and the limits of reading.
  /// - Throws: As `load` does before it reads array data; the fault of a leaf without a description.
  public static func metadata(
    at path: some FilePathConvertible, name: String? = nil, opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> CheckpointMetadata<Tree<ArrayMetadata>> {
    let path = path.filePath
    let contents = try await open(path, opening: opening)
    do throws(CoppiceError) {
      return try CheckpointMetadata(tree: name, of: contents)
    } catch {
      throw error.located(file: path.string)
    }
  }

  /// Returns the metadata of each checkpointable by name; one tree without a name has the empty
  /// name.
  ///
  /// A damaged checkpointable is listed with its fault.
  ///
  /// - Throws: As `open`.
  public static func checkpointablesMetadata(
    at path: some FilePathConvertible, opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> CheckpointMetadata<
    [(name: String, value: CheckpointableMetadata)]
  > {
    let contents = try await open(path, opening: opening)
    return try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try CheckpointMetadata(partsOf: contents)
    }
  }
}
