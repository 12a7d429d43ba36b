import CoppiceModel

// What Flax reads as something else than it is.
extension FlaxPlan {
  /// Refuses the key that makes Flax take a dictionary for an array in pieces.
  func check(key: String, _ path: TreePath) throws(CoppiceError) {
    guard key.utf8.elementsEqual(FlaxChunkedArray.mark.utf8) else { return }
    throw CoppiceError(
      .flaxReservedName,
      "Flax takes a dictionary with the key \"\(key)\" for an array in pieces; rename it",
      at: .init(treePath: path.description))
  }

  /// Refuses texts that stand for arrays of several processes.
  func check(text: String, _ path: TreePath) throws(CoppiceError) {
    guard MultiprocessArray(text) != nil else { return }
    throw CoppiceError(
      .flaxReservedName,
      "Flax takes a text that begins with \"\(MultiprocessArray.mark)\" for the place of an array",
      at: .init(treePath: path.description))
  }
}
