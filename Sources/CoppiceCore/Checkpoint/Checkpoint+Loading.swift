public import CoppiceModel
import CoppiceState
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

  /// Loads named checkpointables: all of them as saved, or those that a request names.
  ///
  /// - Parameters:
  ///   - request: The checkpointables to load, by name: `nil` for "as saved", an abstract tree, a
  ///     `Codable` type such as `TrainState.self`, an object to load into, or a request that a
  ///     handler understands. Without a request, all are loaded as saved.
  ///   - path: The checkpoint, whose checkpointables must have names.
  ///   - options: The treatment of differences between abstract trees and saved ones.
  ///   - opening: The formats that are tried, the checks that are made and the limits of reading.
  ///   - handlers: The handlers that load values of the program's own types.
  /// - Throws: `usage.no-such-checkpointable` with the names present; `usage.choice` when the checkpoint is
  ///   one tree without a name, or a run; `handler.*`; otherwise as loading a tree.
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
  /// Compares a saved tree with an abstract tree, without reading array data.
  ///
  /// - Returns: A report of all leaves that are missing, unexpected or different.
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
  /// Returns the tree of a name, or the one that a call without a name loads.
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
