package import CoppiceModel

/// The choices of a writer of Orbax checkpoints.
package struct OrbaxWriteOptions: Sendable {
  /// The layout of a checkpoint.
  package enum Layout: Hashable, Sendable {
    /// Named checkpointables, each in a directory of its own, with the marker of version 1.
    case version1
    /// One tree without a name, as version 0 saved it with a `StandardCheckpointer`.
    case version0Direct
    /// Named checkpointables without the marker: a step of a manager.
    case managedStep
  }

  /// The place where the arrays of a tree are stored.
  package enum Store: String, CaseIterable, Hashable, Sendable {
    /// An OCDBT database, which is Orbax's default.
    case database = "ocdbt"
    /// A directory for each array.
    case directories
  }

  package var layout = Layout.version1
  package var store = Store.database

  /// The zstd level of chunks; `nil` stores them uncompressed.
  package var zstdLevel: Int? = 3

  /// The most bytes of a chunk before compression; a single element may be larger.
  package var chunkBytes = 8 << 20

  /// A function that returns the chunk shape of a leaf, of its rank and without a zero; `nil` lets
  /// the writer choose.
  package var chunkShapes: (@Sendable (TreePath, Shape) -> Shape?)?

  /// The most bytes of a data file of a database; a single chunk may be larger, `nil` sets no
  /// limit.
  package var maximumFileBytes: Int?

  /// The name for a checkpoint's only checkpointable if it has none.
  package var nameOfUnnamed = "state"

  /// Returns the time for contents without one.
  package var now: @Sendable () -> Timestamp = { .now }

  package var durability = Durability.durable

  package init() {}

  /// Whether zarr's version 3 describes arrays: each version of Orbax writes its own default.
  var usesZarr3: Bool { layout != .version0Direct }
}
