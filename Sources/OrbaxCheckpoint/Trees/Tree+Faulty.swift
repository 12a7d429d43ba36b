import CoppiceModel
import FileAccess

extension Tree<ArrayLeaf> {
  /// Returns a leaf with a fault: its neighbours can be read all the same.
  ///
  /// - Throws: The error, where the input isn't to blame.
  static func faulty(
    _ error: CoppiceError, at path: TreePath
  ) throws(CoppiceError) -> Tree {
    guard error.code.blamesInput else { throw error }
    // A name that leads out of the checkpoint says itself where it stands.
    let path = error.code == .fileOutside ? nil : path.description
    return .leaf(ArrayLeaf(LeafFault(.damaged, error.located(treePath: path))))
  }
}
