import CoppiceModel

// The keys and texts to which Flax gives a special meaning.
extension FlaxPlan {
  /// Refuses the key that makes Flax read a dictionary as an array in pieces.
  func check(key: String, _ path: TreePath) throws(CoppiceError) {
    guard key.utf8.elementsEqual(FlaxChunkedArray.mark.utf8) else { return }
    throw CoppiceError(
      .flaxReservedName,
      "Flax takes a dictionary with the key \"\(key)\" for an array in pieces; rename it",
      at: .init(treePath: path.description))
  }

  /// Refuses texts that Flax reads as references to arrays of several processes.
  func check(text: String, _ path: TreePath) throws(CoppiceError) {
    guard MultiprocessArray(text) != nil else { return }
    throw CoppiceError(
      .flaxReservedName,
      "Flax takes a text that begins with \"\(MultiprocessArray.mark)\" for the place of an array",
      at: .init(treePath: path.description))
  }
}
