import CoppiceFiles
public import CoppiceModel
import CoppiceState
import Synchronization

extension Checkpointer {
  /// Loads one tree of a step, as it was saved or as an abstract tree asks.
  ///
  /// While a step is being loaded, no checkpointer of any process deletes it, on file systems that
  /// have locks.
  ///
  /// - Parameters:
  ///   - step: The step; the latest one when `nil`.
  ///   - name: Which tree; otherwise `state`, else `pytree`, else `default`, else the only one.
  ///   - abstract: What is wanted of each leaf; `nil` loads all as saved.
  ///   - options: How differences between the two are settled.
  ///   - fallback: What is done where the step is damaged.
  /// - Throws: `usage.no-such-part` with the steps or names that there are; `io.not-found` when the
  ///   step is gone; otherwise as `Checkpoint.load`.
  public func load(
    step: Int? = nil, name: String? = nil, as abstract: Tree<AbstractLeaf>? = nil,
    options: TreeLoadOptions = TreeLoadOptions(), fallback: StepFallback = .refuse
  ) async throws(CoppiceError) -> Tree<NDArray> {
    let monitor = OperationMonitor()
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try self.read(step, fallback) { (contents) throws(CoppiceError) in
        let tree = try self.options.opening.settle(
          try CheckpointableChoice.tree(name, of: contents), named: name, monitor)
        return try TreeLoader.load(tree, as: abstract, options: options, monitor: monitor)
      }
    }
  }

  /// Loads one tree of a step into a `Codable` type.
  ///
  /// - Throws: `state.coding` where the tree doesn't fit the type; otherwise as loading a tree.
  public func load<State: Decodable & Sendable>(
    _ type: State.Type, step: Int? = nil, name: String? = nil,
    options: TreeLoadOptions = TreeLoadOptions(), fallback: StepFallback = .refuse
  ) async throws(CoppiceError) -> State {
    try TreeDecoder().decode(
      type,
      from: try await load(step: step, name: name, options: options, fallback: fallback))
  }

  /// Loads named parts of a step: all of them as saved, or those asked for.
  ///
  /// - Parameters:
  ///   - request: As for `Checkpoint.loadCheckpointables`.
  ///   - step: The step; the latest one when `nil`.
  ///   - options: How abstract trees and saved ones are settled.
  ///   - fallback: What is done where the step is damaged. An object that loads its state into itself may
  ///     have loaded that of the damaged step before.
  /// - Throws: As loading a tree, and as `Checkpoint.loadCheckpointables`.
  public func loadCheckpointables(
    _ request: NamedValues<(any Sendable)?>? = nil, step: Int? = nil,
    options: TreeLoadOptions = TreeLoadOptions(), fallback: StepFallback = .refuse
  ) async throws(CoppiceError) -> LoadedCheckpointables {
    var wanted = step
    while true {
      let info = try find(wanted)
      do throws(CoppiceError) {
        return try await loadCheckpointables(request, of: wanted, options)
      } catch {
        wanted = try self.step(before: info, fallback, after: error)
      }
    }
  }

  private func loadCheckpointables(
    _ request: NamedValues<(any Sendable)?>?, of step: Int?, _ options: TreeLoadOptions
  ) async throws(CoppiceError) -> LoadedCheckpointables {
    let (opened, path) = try await open(step)
    defer { withExtendedLifetime(opened) {} }
    let trees = TreeRequests(options: options, monitor: OperationMonitor())
    do throws(CoppiceError) {
      return try await LoadedCheckpointables(
        request, of: opened.contents, self.options.opening, self.options.handlers, trees)
    } catch {
      throw error.located(file: path.string)
    }
  }

  /// What is known of one tree of a step: containers, values, and each array's type and shape.
  ///
  /// - Throws: As loading a tree does before it reads array data.
  public func metadata(
    step: Int? = nil, name: String? = nil
  ) async throws(CoppiceError) -> CheckpointMetadata<Tree<ArrayMetadata>> {
    try await withContents(step: step) { contents throws(CoppiceError) in
      try CheckpointMetadata(tree: name, of: contents)
    }
  }

  /// What is known of each part of a step, by name; one tree without a name has the empty name.
  ///
  /// - Throws: As loading a tree does before it reads array data.
  public func checkpointablesMetadata(
    step: Int? = nil
  ) async throws(CoppiceError) -> CheckpointMetadata<[(name: String, part: CheckpointableMetadata)]>
  {
    try await withContents(step: step) { contents throws(CoppiceError) in
      try CheckpointMetadata(partsOf: contents)
    }
  }

  /// Opens a step and lends it to a closure; arrays are read when asked for.
  ///
  /// - Parameters:
  ///   - step: The step; the latest one when `nil`.
  ///   - body: Runs on a thread of its own and may block.
  /// - Throws: As loading a tree does before it reads array data; what the closure throws.
  public func withContents<Result: Sendable>(
    step: Int? = nil,
    _ body: @escaping @Sendable (CheckpointContents) throws(CoppiceError) -> Result
  ) async throws(CoppiceError) -> Result {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try self.read(step, body)
    }
  }
}
