import CoppiceModel

// What loading by abstract trees and by types will replace: until then, all is loaded as saved.

/// What is wanted of one leaf.
public enum AbstractLeaf: Sendable { case asSaved }

/// How differences between a checkpoint and what is asked for are settled.
public struct TreeLoadOptions: Sendable {
  /// Makes the standard choices.
  public init() {}
}

struct TreeLoader {
  let options: TreeLoadOptions
  let monitor: OperationMonitor

  func load(
    _ stored: Tree<ArrayLeaf>, as abstract: Tree<AbstractLeaf>?
  ) throws(CoppiceError) -> Tree<NDArray> {
    try stored.mapLeaves { (_, leaf) throws(CoppiceError) in try leaf.source.load() }
  }
}

struct TreeEncoder {
  func encode(_ value: some Encodable) throws(CoppiceError) -> Tree<NDArray> {
    throw CoppiceError(.usageChoice, "typed state can't be saved yet")
  }
}

struct TreeDecoder {
  func decode<State: Decodable>(
    _ type: State.Type, from tree: Tree<NDArray>
  ) throws(CoppiceError) -> State {
    throw CoppiceError(.usageChoice, "typed state can't be loaded yet")
  }
}
