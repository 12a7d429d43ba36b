import CoppiceFiles
public import CoppiceModel
import CoppiceState
import SystemPackage

extension Checkpoint {
  /// Saves one tree under the name `state`, and returns when it is committed.
  ///
  /// Missing directories above the target are created.
  ///
  /// Memory: some megabytes beside the arrays themselves.
  ///
  /// - Throws: `operation.exists`, `operation.not-replaceable`, `operation.cancelled`,
  ///   `usage.address`, `usage.tree-path` for a pattern of `options.leaves` that matches nothing,
  ///   `cast.*` for a value that can't be cast as they say, `io.*`, `model.*`, `limit.*`, `arrays.bad-element` for an element that its
  ///   type doesn't have, such as a bool of byte 2. The target then stays as it was.
  public static func save(
    _ tree: Tree<NDArray>, to path: some FilePathConvertible, options: SaveOptions = SaveOptions()
  ) async throws(CoppiceError) {
    try await save([unnamed(tree)], to: path.filePath, options)
  }

  /// Saves any `Codable` state under the name `state`, with its arrays, numbers and strings as a
  /// tree.
  ///
  /// - Throws: `state.coding`; otherwise as saving a tree.
  public static func save(
    _ state: some Encodable & Sendable, to path: some FilePathConvertible,
    options: SaveOptions = SaveOptions()
  ) async throws(CoppiceError) {
    try await save(try TreeEncoder().encode(state), to: path, options: options)
  }

  /// Saves named checkpointables as one checkpoint.
  ///
  /// A checkpointable is a tree, JSON, files, a `Codable` value, an object that saves itself, or a
  /// value that a handler takes.
  ///
  /// - Parameters:
  ///   - items: The checkpointables with their names.
  ///   - path: The checkpoint to create.
  ///   - options: The metadata that is stored beside the checkpointables, and the way arrays are
  ///     stored.
  ///   - handlers: The handlers that save values of the program's own types.
  /// - Throws: `handler.none`, `handler.failed`, `directory.*` for names that can't be used, and as
  ///   saving a tree.
  public static func saveCheckpointables(
    _ items: NamedValues<any Sendable>, to path: some FilePathConvertible,
    options: SaveOptions = SaveOptions(), handlers: HandlerRegistry = HandlerRegistry()
  ) async throws(CoppiceError) {
    try await save(try await checkpointables(items, handlers), to: path.filePath, options)
  }

  /// Begins to save one tree, and returns at once.
  ///
  /// Arrays are shared, not copied. They are values: if the program changes one during the save,
  /// that array is copied, once.
  ///
  /// - Returns: The handle of the save: await its `result()`.
  public static func saveAsync(
    _ tree: Tree<NDArray>, to path: some FilePathConvertible, options: SaveOptions = SaveOptions()
  ) -> SaveOperation {
    // Converting a tree of many leaves takes time: the save does it, not the caller.
    begin({ [unnamed(tree)] }, to: path.filePath, options)
  }

  /// Begins to save any `Codable` state, and returns when the program may change it again.
  ///
  /// - Returns: The handle of the save: await its `result()`.
  /// - Throws: `state.coding`. The handle's `result()` throws later errors.
  public static func saveAsync(
    _ state: some Encodable & Sendable, to path: some FilePathConvertible,
    options: SaveOptions = SaveOptions()
  ) throws(CoppiceError) -> SaveOperation {
    saveAsync(try TreeEncoder().encode(state), to: path, options: options)
  }

  /// Begins to save named checkpointables, and returns when the program may change their state
  /// again.
  ///
  /// - Returns: The handle of the save: await its `result()`.
  /// - Throws: `handler.none`, `handler.failed`. The handle's `result()` throws later errors.
  public static func saveCheckpointablesAsync(
    _ items: NamedValues<any Sendable>, to path: some FilePathConvertible,
    options: SaveOptions = SaveOptions(), handlers: HandlerRegistry = HandlerRegistry()
  ) async throws(CoppiceError) -> SaveOperation {
    let checkpointables = try await checkpointables(items, handlers)
    return begin({ checkpointables }, to: path.filePath, options)
  }
}

extension Tree where Leaf == NDArray {
  /// The tree as a writer takes it, sharing its arrays.
  var asSources: Tree<ArrayLeaf> { replacingLeaves { .leaf(ArrayLeaf($0)) } }
}

extension Checkpoint {
  /// Returns the only checkpointable of a save without names.
  package static func unnamed(_ tree: Tree<NDArray>) -> NamedCheckpointable {
    NamedCheckpointable(defaultName, .tree(tree.asSources))
  }

  /// Converts values to checkpointables, in the order given.
  package static func checkpointables(
    _ items: NamedValues<any Sendable>, _ handlers: HandlerRegistry
  ) async throws(CoppiceError) -> [NamedCheckpointable] {
    var checkpointables: [NamedCheckpointable] = []
    for (name, value) in items {
      checkpointables.append(NamedCheckpointable(name, try await handlers.save(value, as: name)))
    }
    return checkpointables
  }

  private static func save(
    _ checkpointables: [NamedCheckpointable], to path: FilePath, _ options: SaveOptions
  ) async throws(CoppiceError) {
    let monitor = OperationMonitor()
    try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try path.requireNoAddress()
      try write(checkpointables, to: path, options, monitor)
    }
  }

  private static func begin(
    _ checkpointables: @escaping @Sendable () -> [NamedCheckpointable], to path: FilePath,
    _ options: SaveOptions
  ) -> SaveOperation {
    // The working directory may change before the save begins.
    let absolute = path.fromWorkingDirectory
    let monitor = OperationMonitor()
    return SaveOperation(monitor: monitor) { () throws(CoppiceError) in
      try path.requireNoAddress()
      try write(checkpointables(), to: absolute, options, monitor)
    }
  }

  private static func write(
    _ checkpointables: [NamedCheckpointable], to path: FilePath, _ options: SaveOptions,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    let (contents, writing) = (try options.contents(checkpointables), try options.writing())
    if options.target == .replacingExisting {
      _ = try Replacement.check(path, by: CheckpointReader.formatName, options: OpenOptions())
    }
    try OutputDirectory.createAll(path.removingLastComponent(), durability: options.durability)
    try CheckpointWriter.write(contents, to: path, options: writing, monitor: monitor)
  }
}
