package import CoppiceModel

extension Tree where Leaf == NDArray {
  /// The first place where two trees differ, in words; `nil` when they are equal to the last bit.
  package func difference(from other: Tree) -> String? {
    guard
      mapLeaves({ _, array in "\(array.dtype)\(array.shape)" })
        == other.mapLeaves({ _, array in "\(array.dtype)\(array.shape)" })
    else { return "structure, types or shapes differ" }
    for ((path, left), (_, right)) in zip(leaves, other.leaves) {
      let same = left.withBytes { a in right.withBytes { b in a.isEqual(to: b) } }
      if !same { return "the elements of \(path) differ" }
    }
    return nil
  }
}

extension RawSpan {
  fileprivate func isEqual(to other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    return (0..<byteCount).allSatisfy {
      unsafeLoad(fromByteOffset: $0, as: UInt8.self)
        == other.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
    }
  }
}

extension Tree where Leaf == ArrayLeaf {
  /// The tree with all arrays in memory.
  package func loaded() throws(CoppiceError) -> Tree<NDArray> {
    try mapLeaves { (_, leaf) throws(CoppiceError) in try leaf.source.load() }
  }
}
