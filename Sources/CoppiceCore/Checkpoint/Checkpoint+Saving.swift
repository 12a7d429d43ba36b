import CoppiceFiles
public import CoppiceModel
import CoppiceState
import SystemPackage

extension Checkpoint {
  /// Saves one tree under the name `state`, and returns when it is there for good.
  ///
  /// The directories above the target are made where they are missing.
  ///
  /// Memory: some megabytes beside the arrays themselves.
  ///
  /// - Throws: `operation.exists`, `operation.not-replaceable`, `operation.cancelled`, `usage.address`,
  ///   `io.*`, `model.*`, `limit.*`, `arrays.bad-element` for an element that its type doesn't have,
  ///   such as a bool of byte 2. The target is as it was then.
  public static func save(
    _ tree: Tree<NDArray>, to path: FilePath, options: SaveOptions = SaveOptions()
  ) async throws(CoppiceError) {
    try await save([part(tree)], to: path, options)
  }

  /// Saves any `Codable` state under the name `state`: its arrays, numbers and texts become a tree.
  ///
  /// - Throws: `state.coding`, and as saving a tree.
  public static func save(
    _ state: some Encodable & Sendable, to path: FilePath, options: SaveOptions = SaveOptions()
  ) async throws(CoppiceError) {
    try await save(try TreeEncoder().encode(state), to: path, options: options)
  }

  /// Saves named parts as one checkpoint: trees, JSON, files, `Codable` values, and objects that save
  /// themselves.
  ///
  /// - Parameters:
  ///   - items: The parts with their names.
  ///   - path: The checkpoint to make.
  ///   - options: What is stored beside the parts, and how.
  ///   - handlers: How values of the program's own types become parts.
  /// - Throws: `handler.none`, `handler.failed`, `directory.*` for names that can't be used, and as
  ///   saving a tree.
  public static func saveCheckpointables(
    _ items: NamedValues<any Sendable>, to path: FilePath,
    options: SaveOptions = SaveOptions(), handlers: HandlerRegistry = HandlerRegistry()
  ) async throws(CoppiceError) {
    try await save(try await parts(items, handlers), to: path, options)
  }

  /// Begins to save one tree, and returns at once.
  ///
  /// Arrays are shared, not copied: they are values, and changing one while it is being saved pays
  /// for a copy of that array, once.
  ///
  /// - Returns: The handle of the save: await its `result()`.
  public static func saveAsync(
    _ tree: Tree<NDArray>, to path: FilePath, options: SaveOptions = SaveOptions()
  ) -> SaveOperation {
    // What takes time for trees of many leaves is done by the save, not by the caller.
    begin({ [part(tree)] }, to: path, options)
  }

  /// Begins to save named parts, and returns when their state is taken and may change again.
  ///
  /// - Returns: The handle of the save: await its `result()`.
  /// - Throws: `handler.none`, `handler.failed`; what goes wrong later, the handle throws.
  public static func saveCheckpointablesAsync(
    _ items: NamedValues<any Sendable>, to path: FilePath,
    options: SaveOptions = SaveOptions(), handlers: HandlerRegistry = HandlerRegistry()
  ) async throws(CoppiceError) -> SaveOperation {
    let parts = try await parts(items, handlers)
    return begin({ parts }, to: path, options)
  }
}

extension Tree where Leaf == NDArray {
  /// The tree as a writer takes it; arrays are shared.
  var asSources: Tree<ArrayLeaf> { replacingLeaves { .leaf(ArrayLeaf($0)) } }
}

extension Checkpoint {
  /// The one part of a save without names.
  package static func part(_ tree: Tree<NDArray>) -> NamedCheckpointable {
    NamedCheckpointable(defaultName, .tree(tree.asSources))
  }

  /// The parts that values become, in the order given.
  package static func parts(
    _ items: NamedValues<any Sendable>, _ handlers: HandlerRegistry
  ) async throws(CoppiceError) -> [NamedCheckpointable] {
    var parts: [NamedCheckpointable] = []
    for (name, value) in items {
      parts.append(NamedCheckpointable(name, try await handlers.save(value, as: name)))
    }
    return parts
  }

  private static func save(
    _ parts: [NamedCheckpointable], to path: FilePath, _ options: SaveOptions
  ) async throws(CoppiceError) {
    let monitor = OperationMonitor()
    try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try path.requireNoAddress()
      try write(parts, to: path, options, monitor)
    }
  }

  private static func begin(
    _ parts: @escaping @Sendable () -> [NamedCheckpointable], to path: FilePath,
    _ options: SaveOptions
  ) -> SaveOperation {
    // The working directory may change before the save begins.
    let absolute = path.fromWorkingDirectory
    let monitor = OperationMonitor()
    return SaveOperation(monitor: monitor) { () throws(CoppiceError) in
      try path.requireNoAddress()
      try write(parts(), to: absolute, options, monitor)
    }
  }

  private static func write(
    _ parts: [NamedCheckpointable], to path: FilePath, _ options: SaveOptions,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    if options.target == .replacingExisting {
      _ = try Replacement.check(path, by: CheckpointReader.formatName, options: OpenOptions())
    }
    try OutputDirectory.createAll(path.removingLastComponent(), durability: options.durability)
    try CheckpointWriter.write(
      options.contents(parts), to: path, options: options.writing, monitor: monitor)
  }
}
