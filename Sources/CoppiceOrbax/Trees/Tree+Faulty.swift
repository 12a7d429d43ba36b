import CoppiceFiles
import CoppiceModel

extension Tree<ArrayLeaf> {
  /// Returns a leaf with a fault: its neighbours can be read all the same.
  ///
  /// An array of a codec or a type that isn't read here is whole; every other fault is damage.
  ///
  /// - Throws: The error, where the input isn't to blame.
  static func faulty(
    _ error: CoppiceError, at path: TreePath
  ) throws(CoppiceError) -> Tree {
    guard error.code.isInputFault else { throw error }
    // A name that leads out of the checkpoint says itself where it stands.
    let path = error.code == .fileOutside ? nil : path.description
    let isWhole = unsupported.contains(error.code)
    return .leaf(
      ArrayLeaf(LeafFault(isWhole ? .unsupported : .damaged, error.located(treePath: path))))
  }

  private static var unsupported: Set<CoppiceError.Code> {
    [.zarrUnknownCodec, .zarrUnknownDtype, .zarrUnsupported]
  }
}
