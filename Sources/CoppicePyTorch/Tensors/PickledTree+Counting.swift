import CoppiceModel

extension PickledTree {
  /// Refuses a value whose containers make more nodes than a tree may have.
  ///
  /// A pickle can refer to one container many times, so that a few bytes stand for more nodes than any
  /// memory holds. Each container is counted once here, before the first node is made.
  ///
  /// - Throws: `pytorch.limit`.
  func requireBounded(_ value: PickleValue) throws(CoppiceError) {
    var counts = [Int](repeating: 0, count: pickle.containers.count)
    guard nodeCount(of: value, depth: 0, &counts) > pickle.limits.leaves else { return }
    throw excess(at: TreePath())
  }

  /// Returns the number of nodes that a value makes at least, or one more than a tree may have.
  ///
  /// - Parameter counts: The numbers of the containers that are known; 0 for the others.
  private func nodeCount(of value: PickleValue, depth: Int, _ counts: inout [Int]) -> Int {
    guard case .container(let place) = value, depth < pickle.limits.depth else { return 1 }
    guard counts[place] == 0 else { return counts[place] }
    // In itself, a container is a leaf with a fault.
    counts[place] = 1
    let container = pickle.containers[place]
    var count = 1
    for (index, item) in container.items.enumerated() {
      if container.kind == .dict, index.isMultiple(of: 2) {
        guard item.isTreeKey else {
          count = 1
          break
        }
      } else {
        count = min(
          count + nodeCount(of: item, depth: depth + 1, &counts), pickle.limits.leaves + 1)
      }
    }
    counts[place] = count
    return count
  }
}

extension PickleValue {
  /// Whether the value can be a key of a dictionary in a tree.
  fileprivate var isTreeKey: Bool {
    switch self {
    case .integer, .string: true
    default: false
    }
  }
}
