import CoppiceFiles
package import CoppiceModel

/// The options of a writer of trees, none of which matters to readers.
package struct TreeWriteOptions: Sendable {
  /// The conditions under which small leaves share datasets; `nil` gives every leaf its own
  /// dataset.
  package struct Packing: Hashable, Sendable {
    /// The number of leaves above which a tree is packed.
    package var leafCount = 1000
    /// The size in bytes below which a leaf is packed.
    package var leafBytes = 64 << 10

    package init() {}

    /// Returns whether the small leaves of a tree share datasets, all of which lie in one file.
    func packs(_ tree: Tree<ArrayLeaf>, fileBytes: Int?) -> Bool {
      guard tree.leafCount > leafCount else { return false }
      guard let fileBytes else { return true }
      var bytes = 0
      tree.forEachLeaf { leaf in
        let count = leaf.byteCount
        if count < leafBytes { bytes += count + TreeWriteOptions.packedLeafBytes }
      }
      return bytes + TreeWriteOptions.fileOverheadBytes <= fileBytes
    }
  }

  /// The most bytes that a data file takes beyond its blocks and datasets.
  package static let fileOverheadBytes = 16 << 10
  /// The most bytes that a dataset takes beyond its elements: its header, its name, and the space that aligns its block.
  package static let datasetOverheadBytes = 5 << 10
  /// The most bytes that a global view takes in a file for each of its mappings.
  static let viewMappingBytes = 2 << 10
  /// The most bytes that a leaf in a shared dataset takes beyond its elements.
  static let packedLeafBytes = 256

  package var packing: Packing? = Packing()

  /// The zstd level of compressed leaves; `nil` stores all leaves uncompressed.
  package var zstdLevel: Int?

  /// A function that returns the zstd level of a leaf, in place of `zstdLevel`; `nil` stores it
  /// uncompressed.
  package var zstdLevels: (@Sendable (TreePath) -> Int?)?

  /// The most bytes of a chunk; larger chunks are slow to read through HDF5.
  package var chunkBytes = 1 << 20

  /// The bytes of a piece of a large uncompressed array, a multiple of 16.
  ///
  /// A piece is the smallest unit that is read and verified when a box of the array is read.
  package var pieceBytes = 1 << 20

  /// The limit on pieces of a data file; larger files get larger pieces, so that documents stay
  /// small.
  package static let mostPieces = 1 << 16

  /// The most mappings of virtual datasets; a tree that needs more has no global views.
  package var mostViewMappings = 4096

  /// The number of data files; 1 keeps all data in `arrays.h5`.
  package var dataFiles = 1

  /// The most bytes of a data file, unless the data of a single shard need more; `nil` sets no limit.
  package var maximumFileBytes: Int?

  /// A function that returns the boxes in which to store a leaf; `nil` stores it whole.
  package var shards: (@Sendable (TreePath, ArrayMetadata) -> [ArrayBox]?)?

  /// A function that returns the chunk shape of a leaf if it is compressed, of its rank and without
  /// a zero; `nil` lets the writer choose.
  package var chunkShapes: (@Sendable (TreePath, ArrayMetadata) -> Shape?)?

  /// The treatment of bools that are neither 0 nor 1.
  package var boolValues = BoolValues.refuse

  package var durability = Durability.durable

  package init() {}
}
