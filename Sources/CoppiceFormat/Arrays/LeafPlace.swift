package import CoppiceModel

/// Where HDF5 has a leaf: the names of datasets.
///
/// Spec: ARR-2, ARR-33, ARR-36.
package enum LeafPlace {
  /// The path of a leaf's dataset in `arrays.h5`.
  package static func path(of path: TreePath) -> String { self.path(of: path.description) }

  /// The path of the dataset of a leaf, given the text of the leaf's path.
  package static func path(of text: String) -> String { text.isEmpty ? rootLeaf : text }

  /// The dataset of a tree that is one leaf.
  private static let rootLeaf = "%leaf"

  /// The path of the dataset of a part whose data lie apart from the leaf's path.
  package static func shardPath(_ ordinal: Int, _ part: Int) -> String {
    "%shards/\(ordinal)/\(part)"
  }

  /// A dataset's path as virtual mappings spell it: libhdf5 reads `%b` as a block number, and `%%` as
  /// the sign itself.
  package static func virtualName(_ path: String) -> String {
    "/" + path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
  }
}
