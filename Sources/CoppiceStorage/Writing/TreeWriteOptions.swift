import CoppiceFiles
package import CoppiceModel

/// The choices of a writer that a reader need not know.
package struct TreeWriteOptions: Sendable {
  /// When small leaves are put together; `nil` gives every leaf a dataset of its own.
  package struct Packing: Hashable, Sendable {
    /// Trees with more leaves than this are packed.
    package var leafCount = 1000
    /// Leaves with fewer bytes than this are packed.
    package var leafBytes = 64 << 10

    package init() {}
  }

  package var packing: Packing? = Packing()

  /// The zstd level of compressed leaves; `nil` stores all leaves as they are.
  package var zstdLevel: Int?

  /// The most bytes of a chunk: larger ones are slow to read through HDF5.
  package var chunkBytes = 1 << 20

  /// The bytes of a piece of a large array that isn't compressed, a multiple of 16: what is read and
  /// verified where a part of the array is asked for.
  package var pieceBytes = 1 << 20

  /// Trees that would have more pieces get larger ones, so that their document stays small.
  package static let mostPieces = 1 << 16

  /// The number of data files; 1 keeps all data in `arrays.h5`.
  package var dataFiles = 1

  /// The most bytes that a data file may have, as far as single shards allow; `nil` sets no limit.
  package var maximumFileBytes: Int?

  /// Gives the boxes that a leaf is to be stored as; `nil` stores it whole.
  package var shards: (@Sendable (TreePath, ArrayMetadata) -> [ArrayBox]?)?

  /// The treatment of bools that are neither 0 nor 1.
  package var boolValues = BoolValues.refuse

  package var durability = Durability.durable

  package init() {}
}
