import CoppiceModel

/// How the trees of one load are made.
struct TreeRequests: Sendable {
  let options: TreeLoadOptions
  let monitor: OperationMonitor

  /// Loads a tree off the cooperative pool.
  func load(
    _ stored: Tree<ArrayLeaf>, as abstract: Tree<AbstractLeaf>?
  ) async throws(CoppiceError) -> Tree<NDArray> {
    let (options, monitor) = (options, monitor)
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try TreeLoader.load(stored, as: abstract, options: options, monitor: monitor)
    }
  }
}
