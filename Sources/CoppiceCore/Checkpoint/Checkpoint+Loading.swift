public import CoppiceModel
import CoppiceState
import SystemPackage

extension Checkpoint {
  /// Loads one tree, as it was saved or as an abstract tree asks.
  ///
  /// Memory: the arrays, and some megabytes. Arrays of up to 256 KiB that lie together share blocks of at
  /// most 2 MiB, each given back when the last of its arrays goes.
  ///
  /// - Parameters:
  ///   - path: The checkpoint.
  ///   - name: Which tree; otherwise `state`, else `pytree`, else `default`, else the only one.
  ///   - abstract: What is wanted of each leaf; `nil` loads all as saved.
  ///   - options: How differences between the two are settled.
  ///   - opening: Which formats are tried, and what is trusted.
  /// - Throws: `usage.choice` and `usage.no-such-part` with the names that there are;
  ///   `structure.mismatch` with all leaves that differ; `cast.*`; what the format's reader throws.
  ///   Either the whole tree is loaded or nothing.
  public static func load(
    from path: FilePath, name: String? = nil, as abstract: Tree<AbstractLeaf>? = nil,
    options: TreeLoadOptions = TreeLoadOptions(), opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> Tree<NDArray> {
    let monitor = OperationMonitor()
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      let tree = try storedTree(at: path, name: name, opening, monitor)
      do throws(CoppiceError) {
        return try TreeLoader.load(tree, as: abstract, options: options, monitor: monitor)
      } catch {
        throw error.located(file: path.string)
      }
    }
  }

  /// Loads one tree into a `Codable` type.
  ///
  /// - Throws: `state.coding` where the tree doesn't fit the type; otherwise as loading a tree.
  public static func load<State: Decodable & Sendable>(
    _ type: State.Type, from path: FilePath, name: String? = nil,
    options: TreeLoadOptions = TreeLoadOptions(), opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> State {
    try TreeDecoder().decode(
      type, from: try await load(from: path, name: name, options: options, opening: opening))
  }

  /// Loads named parts: all of them as saved, or those asked for.
  ///
  /// - Parameters:
  ///   - request: For each part wanted: `nil` for "as saved", an abstract tree, a `Codable` type such
  ///     as `TrainState.self`, an object to load into, or what a handler understands.
  ///   - path: The checkpoint; one whose parts have names.
  ///   - options: How abstract trees and saved ones are settled.
  ///   - opening: Which formats are tried, and what is trusted.
  ///   - handlers: How parts become values of the program's own types.
  /// - Throws: `usage.no-such-part` with the names that there are; `usage.choice` when the checkpoint
  ///   is one tree without a name, or a root of steps; `handler.*`; otherwise as loading a tree.
  public static func loadCheckpointables(
    _ request: NamedValues<(any Sendable)?>? = nil, from path: FilePath,
    options: TreeLoadOptions = TreeLoadOptions(), opening: OpenOptions = OpenOptions(),
    handlers: HandlerRegistry = HandlerRegistry()
  ) async throws(CoppiceError) -> LoadedCheckpointables {
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
  /// Compares a tree with what a program would ask for, without reading array data.
  ///
  /// - Returns: All leaves that are missing, unexpected or different.
  /// - Throws: As loading a tree does before it compares.
  public static func compare(
    _ path: FilePath, name: String? = nil, with abstract: Tree<AbstractLeaf>,
    options: TreeLoadOptions = TreeLoadOptions(), opening: OpenOptions = OpenOptions()
  ) async throws(CoppiceError) -> StructureReport {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try TreeLoader.compare(
        try storedTree(at: path, name: name, opening, OperationMonitor()), with: abstract,
        options: options)
    }
  }
}

extension Checkpoint {
  /// The tree that a call without a list of names means.
  static func storedTree(
    at path: FilePath, name: String?, _ opening: OpenOptions, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let contents = try contents(at: path, opening)
    do throws(CoppiceError) {
      return try opening.settle(
        try CheckpointableChoice.tree(name, of: contents), named: name, monitor)
    } catch {
      throw error.located(file: path.string)
    }
  }
}
