package import CoppiceModel

/// The names of the HDF5 datasets that hold leaves.
///
/// Spec: ARR-2, ARR-33, ARR-36.
package enum LeafPlace {
  /// Returns the path of a leaf's dataset in `arrays.h5`.
  package static func path(of path: TreePath) -> String { self.path(of: path.description) }

  /// Returns the path of a leaf's dataset from the text of the leaf's path.
  package static func path(of text: String) -> String { text.isEmpty ? rootLeaf : text }

  /// The dataset of a tree that consists of one leaf.
  private static let rootLeaf = "%leaf"

  /// Returns the path of the dataset of a shard, which lies apart from the leaf's path.
  package static func shardPath(_ ordinal: Int, _ shard: Int) -> String {
    "%shards/\(ordinal)/\(shard)"
  }

  /// Returns a dataset's path in the spelling of virtual mappings.
  ///
  /// libhdf5 reads `%b` as a block number and `%%` as a percent sign.
  package static func virtualName(_ path: String) -> String {
    "/" + path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
  }
}
