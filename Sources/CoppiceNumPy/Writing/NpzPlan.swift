import CoppiceFiles
package import CoppiceModel
import CoppiceZip

/// A plan of an npz archive for a tree: the members with their headers, and the offsets of all
/// bytes.
package struct NpzPlan: Sendable {
  /// One array of the archive.
  package struct Leaf: Sendable {
    /// The name of the array in NumPy.
    package let name: String

    /// The path of the array in the planned tree.
    package let treePath: TreePath

    /// An array whose bytes in C order are written.
    package let source: any ArraySource

    /// The bytes before the elements in the member.
    let header: [UInt8]
  }

  /// The arrays in the order of the tree.
  package let leaves: [Leaf]

  /// The notes about everything that the format can't hold.
  package private(set) var notes: [ConversionNote]

  /// The layout of the archive, with one member for each leaf.
  let layout: StoredZip

  /// The dtypes that the format keeps unchanged.
  package static var dtypes: [DType] { WritableElements.dtypes }

  /// The size of the whole file.
  package var byteCount: Int { layout.byteCount }

  /// Plans the archive of a tree and its checkpoint; the same tree gives the same file.
  ///
  /// - Throws: `npz.name-collision`, `npy.shape`, `zip.name`, `zip.limit`.
  package init(
    writing tree: Tree<ArrayLeaf>, of contents: CheckpointContents
  ) throws(CoppiceError) {
    let flat = try FlattenedTree<Leaf>(tree)
    leaves = flat.arrays
    layout = try StoredZip(
      leaves.map { ($0.name + NumPyFormat.arraySuffix, $0.header.count + $0.source.byteCount) })
    notes = flat.notes
    if contents.custom != nil { note("the custom metadata are left out") }
    if contents.step != nil { note("the step is left out") }
    if contents.initTime != nil || contents.commitTime != nil {
      note("the times of saving are left out")
    }
  }

  private mutating func note(_ message: String) {
    notes.append(ConversionNote(.metadata, message))
  }
}
