import CoppiceFiles
package import CoppiceModel
import CoppiceZip

/// What a tree becomes in an npz archive: the members with their headers, and where all bytes go.
package struct NpzPlan: Sendable {
  /// One array: what it is called, and its elements.
  package struct Leaf: Sendable {
    /// The name by which NumPy finds it.
    package let name: String

    /// The way to it in the tree that was planned.
    package let treePath: TreePath

    /// An array whose bytes in C order are those to write.
    package let source: any ArraySource

    /// What stands before the elements in the member.
    let header: [UInt8]
  }

  /// The arrays in the order of the tree.
  package let leaves: [Leaf]

  /// What the format can't say.
  package private(set) var notes: [ConversionNote]

  /// The places of the members, one a leaf.
  let layout: StoredZip

  /// The element types that the format keeps as they are.
  package static var dtypes: [DType] { WritableElements.dtypes }

  /// The size of the whole file.
  package var byteCount: Int { layout.byteCount }

  /// Plans a tree, with what the checkpoint around it says; the same tree gives the same file.
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
