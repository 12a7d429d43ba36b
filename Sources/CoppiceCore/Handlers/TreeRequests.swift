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
    try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try TreeLoader.load(stored, as: abstract, options: options, monitor: monitor)
    }
  }

  /// Loads a tree into a type, outside the cooperative thread pool.
  func load<State: Decodable & Sendable>(
    _ type: State.Type, from stored: Tree<ArrayLeaf>
  ) async throws(CoppiceError) -> any Sendable {
    try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try TreeLoader.load(type, from: stored, as: nil, options: options, monitor: monitor)
    }
  }

  /// Loads a tree into a value like another one, outside the cooperative thread pool.
  func load<State: Codable & Sendable>(
    _ stored: Tree<ArrayLeaf>, like target: State
  ) async throws(CoppiceError) -> any Sendable {
    try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try TreeLoader.load(from: stored, as: target, options: options, monitor: monitor)
    }
  }
}
