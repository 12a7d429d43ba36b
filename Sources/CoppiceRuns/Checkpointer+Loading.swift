import CoppiceFiles
public import CoppiceModel
import CoppiceProcessGroup
import Synchronization

extension Checkpointer {
  /// Loads one tree of a step, as it was saved or as an abstract tree requests it.
  ///
  /// While a step is being loaded, no checkpointer of any process deletes it, on file systems that
  /// support locks.
  ///
  /// - Parameters:
  ///   - step: The step; the latest one when `nil`.
  ///   - name: The name of the tree. When `nil`, `state`, else `pytree`, else `default`, else the
  ///     only tree.
  ///   - abstract: The requested leaves; `nil` loads all leaves as saved.
  ///   - options: The treatment of differences between the requested and the saved tree; `nil`
  ///     takes `CheckpointerOptions.loading`.
  ///   - fallback: The choice of what to do when the step is damaged; `nil` takes
  ///     `CheckpointerOptions.fallback`.
  /// - Throws: `usage.no-such-step` and `usage.no-such-checkpointable` with what is there; `io.not-found` when the step
  ///   is gone; otherwise as `Checkpoint.load`.
  public func load(
    step: Int? = nil, name: String? = nil, as abstract: Tree<AbstractLeaf>? = nil,
    options: TreeLoadOptions? = nil, fallback: StepFallback? = nil
  ) async throws(CoppiceError) -> Tree<NDArray> {
    if let members {
      let (loading, opening) = (options ?? self.options.loading, self.options.opening)
      return try await load(step, fallback, by: members) { (info) throws(CoppiceError) in
        try await Checkpoint.load(
          from: root(info.name), name: name, as: abstract, options: loading, opening: opening,
          group: members.ranks, waitLimit: members.waitLimit)
      }
    }
    return try await withTree(step, name, options, fallback) {
      (tree, trees) throws(CoppiceError) in
      try TreeLoader.load(tree, as: abstract, options: trees.options, monitor: trees.monitor)
    }
  }

  /// Loads one tree of a step into a `Codable` type, as it was saved or as an abstract tree
  /// requests.
  ///
  /// - Throws: `state.coding` when the tree doesn't fit the type; otherwise as loading a tree.
  public func load<State: Decodable & Sendable>(
    _ type: State.Type, step: Int? = nil, name: String? = nil,
    as abstract: Tree<AbstractLeaf>? = nil, options: TreeLoadOptions? = nil,
    fallback: StepFallback? = nil
  ) async throws(CoppiceError) -> State {
    try await withTree(step, name, options, fallback) { (tree, trees) throws(CoppiceError) in
      try TreeLoader.load(
        type, from: tree, as: abstract, options: trees.options, monitor: trees.monitor)
    }
  }

  /// Loads one tree of a step into a value like a target: of its type, and with the structure, the
  /// element types and the shapes of its arrays, as `Checkpoint.load(from:as:)` does.
  ///
  /// - Throws: `state.coding`; otherwise as loading a tree.
  public func load<State: Codable & Sendable>(
    step: Int? = nil, name: String? = nil, as target: State, options: TreeLoadOptions? = nil,
    fallback: StepFallback? = nil
  ) async throws(CoppiceError) -> State {
    try await withTree(step, name, options, fallback) { (tree, trees) throws(CoppiceError) in
      try TreeLoader.load(
        from: tree, as: target, options: trees.options, monitor: trees.monitor)
    }
  }

  /// Opens a tree of a step and lends it to a closure on a thread of its own.
  private func withTree<Result: Sendable>(
    _ step: Int?, _ name: String?, _ loading: TreeLoadOptions?, _ fallback: StepFallback?,
    _ body:
      @escaping @Sendable (Tree<ArrayLeaf>, TreeRequests) throws(CoppiceError) -> Result
  ) async throws(CoppiceError) -> Result {
    if let members {
      return try await load(step, fallback, by: members) { (info) throws(CoppiceError) in
        try await members.agree(on: info) { () throws(CoppiceError) in
          try await withOwnTree(info.step, name, loading, .refuse, body)
        }
      }
    }
    return try await withOwnTree(step, name, loading, fallback ?? options.fallback, body)
  }

  /// Opens a tree of a step in this process and lends it to a closure on a thread of its own.
  private func withOwnTree<Result: Sendable>(
    _ step: Int?, _ name: String?, _ loading: TreeLoadOptions?, _ fallback: StepFallback,
    _ body:
      @escaping @Sendable (Tree<ArrayLeaf>, TreeRequests) throws(CoppiceError) -> Result
  ) async throws(CoppiceError) -> Result {
    let trees = TreeRequests(options: loading ?? options.loading, monitor: OperationMonitor())
    return try await BlockingWork.run(trees.monitor) { () throws(CoppiceError) in
      try self.read(step, fallback) { (contents) throws(CoppiceError) in
        let tree = try self.options.opening.settle(
          try CheckpointableChoice.tree(name, of: contents), named: name, trees.monitor)
        return try body(tree, trees)
      }
    }
  }

  /// Loads checkpointables of a step: all of them as saved, or the requested ones.
  ///
  /// - Parameters:
  ///   - request: The requested checkpointables, as for `Checkpoint.loadCheckpointables`.
  ///   - step: The step; the latest one when `nil`.
  ///   - options: The treatment of differences between abstract trees and saved ones; `nil` takes
  ///     `CheckpointerOptions.loading`.
  ///   - fallback: The choice of what to do when the step is damaged; `nil` takes
  ///     `CheckpointerOptions.fallback`. An object that loads its state into itself may already hold
  ///     state of the damaged step.
  /// - Throws: As loading a tree, and as `Checkpoint.loadCheckpointables`.
  public func loadCheckpointables(
    _ request: NamedValues<(any Sendable)?>? = nil, step: Int? = nil,
    options: TreeLoadOptions? = nil, fallback: StepFallback? = nil
  ) async throws(CoppiceError) -> LoadedCheckpointables {
    if let members {
      return try await load(step, fallback, by: members) { (info) throws(CoppiceError) in
        try await members.agree(on: info) { () throws(CoppiceError) in
          try await loadCheckpointables(request, of: info.step, options ?? self.options.loading)
        }
      }
    }
    let fallback = fallback ?? self.options.fallback
    var wanted = step
    while true {
      let info = try find(wanted)
      do throws(CoppiceError) {
        return try await loadCheckpointables(request, of: wanted, options ?? self.options.loading)
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
        request, of: opened.contents, self.options.opening, self.options.handlers, trees,
        rank: members?.ranks.rank)
    } catch {
      throw error.located(file: path.string)
    }
  }

  /// Returns the metadata of one tree of a step: containers, values, and each array's type and
  /// shape.
  ///
  /// - Throws: As loading a tree does before it reads array data.
  public func metadata(
    step: Int? = nil, name: String? = nil
  ) async throws(CoppiceError) -> CheckpointMetadata<Tree<ArrayMetadata>> {
    try await withContents(step: step) { contents throws(CoppiceError) in
      try CheckpointMetadata(tree: name, of: contents)
    }
  }

  /// Returns the metadata of each checkpointable of a step, by name; a single unnamed tree has the
  /// empty name.
  ///
  /// - Throws: As loading a tree does before it reads array data.
  public func checkpointablesMetadata(
    step: Int? = nil
  ) async throws(CoppiceError) -> CheckpointMetadata<
    [(name: String, value: CheckpointableMetadata)]
  > {
    try await withContents(step: step) { contents throws(CoppiceError) in
      try CheckpointMetadata(partsOf: contents)
    }
  }

  /// Opens a step and lends it to a closure; arrays are read on demand.
  ///
  /// - Parameters:
  ///   - step: The step; the latest one when `nil`.
  ///   - body: The work; it runs on a thread of its own and may block.
  /// - Throws: As loading a tree does before it reads array data; the errors of the closure.
  public func withContents<Result: Sendable>(
    step: Int? = nil,
    _ body: @escaping @Sendable (CheckpointContents) throws(CoppiceError) -> Result
  ) async throws(CoppiceError) -> Result {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try self.read(step, body)
    }
  }
}
