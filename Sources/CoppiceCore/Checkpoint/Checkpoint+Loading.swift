public import CoppiceModel
import SystemPackage

extension Checkpoint {
  /// Loads one tree, as it was saved or as an abstract tree requests.
  ///
  /// Memory: the arrays, and some megabytes. Arrays of up to 256 KiB that are adjacent in the file
  /// share buffers of at most 2 MiB; a buffer is freed when the last of its arrays is.
  ///
  /// - Parameters:
  ///   - path: The checkpoint.
  ///   - name: The name of the tree; `nil` takes `state`, else `pytree`, else `default`, else the
  ///     only tree.
  ///   - abstract: The request for each leaf; `nil` loads all leaves as saved.
  ///   - options: The treatment of differences between the abstract tree and the saved one.
  ///   - opening: The formats that are tried, the checks that are made and the limits of reading.
  /// - Throws: `usage.choice` and `usage.no-such-checkpointable` with the names present; `structure.mismatch`
  ///   with all leaves that differ; `cast.*`; the errors of the format's reader. Either the whole
  ///   tree is loaded or nothing.
  public static func load(
    from path: some FilePathConvertible, name: String? = nil,
    as abstract: Tree<AbstractLeaf>? = nil,
    options: TreeLoadOptions = TreeLoadOptions(), opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> Tree<NDArray> {
    try await withStoredTree(at: path, name: name, opening) {
      (tree, monitor) throws(CoppiceError) in
      try TreeLoader.load(tree, as: abstract, options: options, monitor: monitor)
    }
  }

  /// Loads one tree into a `Codable` type, as it was saved or as an abstract tree requests.
  ///
  /// `options.missing = .fallback(…)` with a value of the type supplies what the checkpoint lacks.
  ///
  /// - Throws: `state.coding` where the tree doesn't fit the type; otherwise as loading a tree.
  public static func load<State: Decodable & Sendable>(
    _ type: State.Type, from path: some FilePathConvertible, name: String? = nil,
    as abstract: Tree<AbstractLeaf>? = nil, options: TreeLoadOptions = TreeLoadOptions(),
    opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> State {
    try await withStoredTree(at: path, name: name, opening) {
      (tree, monitor) throws(CoppiceError) in
      try TreeLoader.load(type, from: tree, as: abstract, options: options, monitor: monitor)
    }
  }

  /// Loads one tree into a value like a target: of its type, and with the structure, the element
  /// types and the shapes of its arrays.
  ///
  /// The target may be a state that was just initialised, or a tree of arrays. Saved arrays are cast
  /// as `options.castMode` allows. Where a property of the target is `nil`, whatever is saved is
  /// taken.
  ///
  /// - Throws: `structure.mismatch` with all leaves that differ; `cast.*`; `state.coding`; otherwise
  ///   as loading a tree.
  public static func load<State: Codable & Sendable>(
    from path: some FilePathConvertible, name: String? = nil, as target: State,
    options: TreeLoadOptions = TreeLoadOptions(), opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> State {
    try await withStoredTree(at: path, name: name, opening) {
      (tree, monitor) throws(CoppiceError) in
      try TreeLoader.load(from: tree, as: target, options: options, monitor: monitor)
    }
  }

  /// Loads named checkpointables: all of them as saved, or those that a request names.
  ///
  /// - Parameters:
  ///   - request: The checkpointables to load, by name: `nil` for "as saved", an abstract tree, a
  ///     `Codable` type such as `TrainState.self`, a `Codable` value as a target for a tree, an
  ///     object to load into, or a request that a handler understands. Without a request, all are
  ///     loaded as saved.
  ///   - path: The checkpoint, whose checkpointables must have names.
  ///   - options: The treatment of differences between abstract trees and saved ones.
  ///   - opening: The formats that are tried, the checks that are made and the limits of reading.
  ///   - handlers: The handlers that load values of the program's own types.
  /// - Throws: `usage.no-such-checkpointable` with the names present; `usage.choice` when the checkpoint is
  ///   one tree without a name, or a run; `handler.*`; otherwise as loading a tree.
  public static func loadCheckpointables(
    _ request: NamedValues<(any Sendable)?>? = nil, from path: some FilePathConvertible,
    options: TreeLoadOptions = TreeLoadOptions(), opening: OpenOptions = OpenOptions(),
    handlers: HandlerRegistry = HandlerRegistry()
  ) async throws(CoppiceError) -> LoadedCheckpointables {
    let path = path.filePath
    let trees = TreeRequests(options: options, monitor: OperationMonitor())
    let contents = try await open(path, opening: opening)
    do throws(CoppiceError) {
      return try await LoadedCheckpointables(
        request, of: contents, opening, handlers, trees)
    } catch {
      throw error.located(file: path.string)
    }
  }
}

extension Checkpoint {
  /// Compares a saved tree with an abstract tree, without reading array data.
  ///
  /// - Returns: A report of all leaves that are missing, unexpected or different.
  /// - Throws: As loading a tree does before it compares.
  public static func compare(
    _ path: some FilePathConvertible, name: String? = nil, with abstract: Tree<AbstractLeaf>,
    options: TreeLoadOptions = TreeLoadOptions(), opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> StructureReport {
    try await withStoredTree(at: path, name: name, opening) { (tree, _) throws(CoppiceError) in
      try TreeLoader.compare(tree, with: abstract, options: options)
    }
  }
}

extension Checkpoint {
  /// Opens the tree of a name, or the one that a call without a name loads, and lends it to a
  /// closure on a thread of its own.
  static func withStoredTree<Result: Sendable>(
    at path: some FilePathConvertible, name: String?, _ opening: OpenOptions,
    _ body: @escaping @Sendable (Tree<ArrayLeaf>, OperationMonitor) throws(CoppiceError) -> Result
  ) async throws(CoppiceError) -> Result {
    let (path, monitor) = (path.filePath, OperationMonitor())
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      let contents = try contents(at: path, opening)
      do throws(CoppiceError) {
        let tree = try opening.settle(
          try CheckpointableChoice.tree(name, of: contents), named: name, monitor)
        return try body(tree, monitor)
      } catch {
        throw error.located(file: path.string)
      }
    }
  }
}
