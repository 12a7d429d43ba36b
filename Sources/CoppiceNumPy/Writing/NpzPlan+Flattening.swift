package import CoppiceModel
import CoppiceZip

extension NpzPlan.Leaf: FlatArray {
  /// The paths as archives of NumPy spell them.
  package static let naming = FlatNaming(
    separator: ("/", "/"),
    // What `numpy.savez` calls an array that was given no name.
    nameOfOnly: ("arr_0", "the name arr_0"), collision: (.npzNameCollision, "an npz file"))

  /// NumPy has texts of a fixed width.
  package static let holdsTexts = true

  /// Makes a member of an array.
  ///
  /// - Throws: `npy.shape`, `zip.name`.
  package static func make(
    of source: any ArraySource, named name: String, at path: TreePath
  ) throws(CoppiceError) -> (array: Self, note: String?) {
    guard let elements = WritableElements(source) else {
      throw CoppiceError(
        .npyShape, "the array's size overflows 64 bits", at: .init(treePath: path.description))
    }
    let array = try Self(
      name, path, NpyHeader.encode(descr: elements.descr, shape: source.shape), elements.source)
    return (array, elements.note)
  }

  /// Makes a member of texts; `nil` for texts that end in zeros, and for too many of them.
  ///
  /// - Throws: `zip.name`.
  package static func make(
    of texts: TextArray, named name: String, at path: TreePath
  ) throws(CoppiceError) -> Self? {
    guard let elements = TextElements(texts), let count = Shape([elements.bytes.count]) else {
      return nil
    }
    return try Self(
      name, path, NpyHeader.encode(descr: elements.descr, shape: elements.shape),
      NDArray(dtype: .uint8, shape: count, bytes: elements.bytes))
  }

  private init(
    _ name: String, _ treePath: TreePath, _ header: [UInt8], _ source: any ArraySource
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      try StoredZip.check(name: name + NumPyFormat.arraySuffix)
    } catch {
      throw error.located(treePath: treePath.description)
    }
    (self.name, self.treePath, self.header, self.source) = (name, treePath, header, source)
  }
}
