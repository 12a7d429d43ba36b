package import CoppiceModel
import Foundation

extension Tree where Leaf == NDArray {
  /// The first place where two trees differ, in words; `nil` when they are equal to the last bit.
  package func difference(from other: Tree) -> String? {
    guard
      mapLeaves({ _, array in "\(array.dtype)\(array.shape)" })
        == other.mapLeaves({ _, array in "\(array.dtype)\(array.shape)" })
    else { return "structure, types or shapes differ" }
    for ((path, left), (_, right)) in zip(leaves, other.leaves) {
      if !left.hasBytes(of: right) { return "the elements of \(path) differ" }
    }
    return nil
  }
}

extension NDArray {
  fileprivate func hasBytes(of other: NDArray) -> Bool {
    withBytes { left in
      other.withBytes { right in
        left.withUnsafeBytes { left in
          right.withUnsafeBytes { right in
            guard left.count == right.count else { return false }
            guard let a = left.baseAddress, let b = right.baseAddress else { return true }
            return memcmp(a, b, left.count) == 0
          }
        }
      }
    }
  }
}

extension Tree where Leaf == ArrayLeaf {
  /// The tree with all arrays in memory.
  package func loaded() throws(CoppiceError) -> Tree<NDArray> {
    try mapLeaves { (_, leaf) throws(CoppiceError) in try leaf.source.load() }
  }
}
