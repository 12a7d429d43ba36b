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
  }

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

  /// The most bytes of a data file, unless a single shard is larger; `nil` sets no limit.
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
