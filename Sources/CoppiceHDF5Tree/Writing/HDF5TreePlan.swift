package import CoppiceModel

/// What a tree becomes in an HDF5 file, settled before a byte of data is read.
package struct HDF5TreePlan: Sendable {
  /// One array: the way to it in the tree, and its elements as they are written.
  package struct Leaf: Sendable {
    package var treePath: TreePath
    package var source: any ArraySource
  }

  /// The arrays in the order of the tree.
  package let leaves: [Leaf]
  /// What the format can't say.
  package let notes: [ConversionNote]

  let root: OutputNode
  let attributes: [OutputAttribute]

  /// The types that are written as they are.
  package static let dtypes = OutputElement.kept

  /// Plans a file of a tree, and of the custom metadata of its checkpoint.
  ///
  /// - Throws: `hdf5.name-collision`.
  package init(
    writing tree: Tree<ArrayLeaf>, of contents: CheckpointContents
  ) throws(CoppiceError) {
    var planner = TreePlanner()
    root = try planner.root(tree)
    leaves = planner.leaves
    let metadata = try OutputAttributes(contents)
    attributes = metadata.attributes
    notes = planner.notes + metadata.notes
  }
}
