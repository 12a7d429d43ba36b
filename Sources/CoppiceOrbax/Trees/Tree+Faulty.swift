import CoppiceFiles
import CoppiceModel
import CoppiceZarr

extension Tree<ArrayLeaf> {
  /// Returns a leaf with a fault, so that the other leaves can still be read.
  ///
  /// An array whose codec or type isn't supported here is whole; every other fault is damage.
  ///
  /// - Throws: The error, where the input isn't at fault.
  static func faulty(
    _ error: CoppiceError, at path: TreePath
  ) throws(CoppiceError) -> Tree {
    guard error.code.isInputFault else { throw error }
    // The message about a name that leads out of the checkpoint already shows the name.
    let path = error.code == .fileOutside ? nil : path.description
    return .leaf(ArrayLeaf(LeafFault(error.located(treePath: path), unsupported: unsupported)))
  }

  private static var unsupported: Set<CoppiceError.Code> {
    [.zarrUnknownCodec, .zarrUnknownDtype, .zarrUnsupported]
  }
}
