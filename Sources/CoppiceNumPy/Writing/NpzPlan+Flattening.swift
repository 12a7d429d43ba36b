package import CoppiceModel
import CoppiceZip

extension NpzPlan.Leaf: FlatArray {
  /// The naming rules of npz archives.
  package static let naming = FlatNaming(
    separator: ("/", "/"),
    // The name that `numpy.savez` gives to an unnamed array.
    nameOfOnly: ("arr_0", "the name arr_0"), collision: (.npzNameCollision, "an npz file"))

  /// Whether the format has arrays of texts: NumPy has texts of a fixed width.
  package static let holdsTexts = true

  /// Makes an archive member from an array.
  ///
  /// - Throws: `npy.shape`, `zip.name`.
  package static func make(
    of source: any ArraySource, named name: String, at path: TreePath
  ) throws(CoppiceError) -> (array: Self, note: String?) {
    let file: NpyFile
    do throws(CoppiceError) {
      file = try NpyFile(of: source)
    } catch {
      throw error.located(treePath: path.description)
    }
    return (try Self(name, path, file), file.note)
  }

  /// Makes an archive member from texts; returns `nil` if one ends in zeros, or if they take too
  /// many bytes.
  ///
  /// - Throws: `zip.name`.
  package static func make(
    of texts: TextArray, named name: String, at path: TreePath
  ) throws(CoppiceError) -> Self? {
    guard let file = try NpyFile(of: texts) else { return nil }
    return try Self(name, path, file)
  }

  private init(
    _ name: String, _ treePath: TreePath, _ file: NpyFile
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      try StoredZip.check(name: name + NumPyFormat.arraySuffix)
    } catch {
      throw error.located(treePath: treePath.description)
    }
    (self.name, self.treePath, header, source) = (name, treePath, file.header, file.source)
  }
}
