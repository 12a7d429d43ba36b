import CoppiceModel

/// The options and the monitor with which one load makes its trees.
package struct TreeRequests: Sendable {
  package let options: TreeLoadOptions
  package let monitor: OperationMonitor

  package init(options: TreeLoadOptions, monitor: OperationMonitor) {
    self.options = options
    self.monitor = monitor
  }

  /// Loads a tree outside the cooperative thread pool.
  package func load(
    _ stored: Tree<ArrayLeaf>, as abstract: Tree<AbstractLeaf>?
  ) async throws(CoppiceError) -> Tree<NDArray> {
    let (options, monitor) = (options, monitor)
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try TreeLoader.load(stored, as: abstract, options: options, monitor: monitor)
    }
  }
}
