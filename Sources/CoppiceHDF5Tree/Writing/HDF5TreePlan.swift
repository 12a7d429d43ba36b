package import CoppiceModel

/// A plan of an HDF5 file for a tree, complete before array data are read.
package struct HDF5TreePlan: Sendable {
  /// One array: its path in the tree, and its elements in their written form.
  package struct Leaf: Sendable {
    package var treePath: TreePath
    package var source: any ArraySource
  }

  /// The arrays in the order of the tree.
  package let leaves: [Leaf]
  /// The notes about everything that the format can't hold.
  package let notes: [ConversionNote]

  /// The level of deflate; `nil` if nothing is compressed.
  let gzipLevel: Int?
  let root: OutputNode
  let attributes: [OutputAttribute]

  /// The dtypes that are written unchanged.
  package static let dtypes = OutputElement.kept

  /// Plans the file of a tree, with the custom metadata of its checkpoint.
  ///
  /// - Parameter gzipLevel: The level of deflate for arrays of at least a page; `nil` for contiguous
  ///   arrays only.
  /// - Throws: `hdf5.name-collision`.
  package init(
    writing tree: Tree<ArrayLeaf>, of contents: CheckpointContents, gzipLevel: Int? = nil
  ) throws(CoppiceError) {
    self.gzipLevel = gzipLevel
    var planner = TreePlanner(compresses: gzipLevel != nil)
    root = try planner.root(tree)
    leaves = planner.leaves
    let metadata = try OutputAttributes(contents)
    attributes = metadata.attributes
    notes = planner.notes + metadata.notes
  }
}
