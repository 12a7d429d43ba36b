import CoppiceModel
import CoppiceProcessGroup
import SystemPackage

/// The load of a tree by all ranks of a group.
///
/// Each rank plans and reads for itself. What goes wrong on one rank is agreed on, and then all throw the same error.
struct GroupLoad: Sendable {
  let group: any ProcessGroup
  let path: FilePath
  /// The name of the tree.
  let tree: String?
  let options: TreeLoadOptions
  let opening: OpenOptions
  let replicated: ReplicatedReading
  let waitLimit: Duration

  /// Loads the boxes that a tree of requests asks for.
  func run(_ request: Tree<GlobalRequest>) async throws(CoppiceError) -> Tree<GlobalArray> {
    guard group.count > 1, replicated != .byEach else {
      return try await group.agree(named: name(""), within: waitLimit) { () throws(CoppiceError) in
        try await planned(request) { (plan, monitor) throws(CoppiceError) in
          try plan.result(try plan.load(Array(plan.parts.indices), monitor))
        }
      }
    }
    let (plan, way) = try await group.agree(named: name("plan"), within: waitLimit) {
      () throws(CoppiceError) in
      let plan = try await planned(request) { (plan, _) throws(CoppiceError) in plan }
      return (plan, ReplicatedShares.description(of: plan, options, replicated))
    } deciding: {
      ReplicatedShares.areBroadcast($0) ? [1] : [0]
    }
    if way == [1] {
      return try await ReplicatedShares(self, plan).run()
    }
    return try await phase("read") { (monitor) throws(CoppiceError) in
      try plan.result(try plan.load(Array(plan.parts.indices), monitor))
    }
  }

  /// Opens the tree, plans and lends the plan to a closure, on a thread of its own.
  private func planned<Result: Sendable>(
    _ request: Tree<GlobalRequest>,
    _ body: @escaping @Sendable (GroupLoadPlan, OperationMonitor) throws(CoppiceError) -> Result
  ) async throws(CoppiceError) -> Result {
    let options = options
    return try await Checkpoint.withStoredTree(at: path, name: tree, opening) {
      (saved, monitor) throws(CoppiceError) in
      try body(try GroupLoadPlan(saved, as: request, options), monitor)
    }
  }

  /// Does a part of the load on each rank, on a thread of its own.
  func phase<Value: Sendable>(
    _ part: String, _ body: @escaping @Sendable (OperationMonitor) throws(CoppiceError) -> Value
  ) async throws(CoppiceError) -> Value {
    try await group.agree(named: name(part), within: waitLimit) { () throws(CoppiceError) in
      try await blocking(body)
    }
  }

  /// Does blocking work on a thread of its own.
  func blocking<Value: Sendable>(
    _ body: @escaping @Sendable (OperationMonitor) throws(CoppiceError) -> Value
  ) async throws(CoppiceError) -> Value {
    let monitor = OperationMonitor()
    do throws(CoppiceError) {
      return try await BlockingWork.run(monitor) { () throws(CoppiceError) in try body(monitor) }
    } catch {
      throw error.located(file: path.string)
    }
  }

  /// Returns the name of the messages of a part.
  func name(_ part: String) -> String {
    "load \(path.lastComponent?.string ?? "")" + (part.isEmpty ? "" : "/" + part)
  }
}
