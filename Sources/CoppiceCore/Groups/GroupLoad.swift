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
  let waitLimit: Duration

  /// Loads the boxes that a tree of requests asks for.
  func run(_ request: Tree<GlobalRequest>) async throws(CoppiceError) -> Tree<GlobalArray> {
    let options = options
    return try await group.agree(named: name, within: waitLimit) { () throws(CoppiceError) in
      try await Checkpoint.withStoredTree(at: path, name: tree, opening) {
        (saved, monitor) throws(CoppiceError) in
        let plan = try GroupLoadPlan(saved, as: request, options)
        return try plan.result(try plan.load(Array(plan.parts.indices), monitor))
      }
    }
  }

  private var name: String { "load \(path.lastComponent?.string ?? "")" }
}
