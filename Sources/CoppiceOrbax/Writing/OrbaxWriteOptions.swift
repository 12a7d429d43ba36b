package import CoppiceModel

/// The choices of a writer of Orbax checkpoints.
package struct OrbaxWriteOptions: Sendable {
  /// How a checkpoint is laid out.
  package enum Layout: Hashable, Sendable {
    /// Named parts, each in a directory of its own, with the marker of version 1.
    case version1
    /// One tree without a name, as version 0 saved it with a `StandardCheckpointer`.
    case version0Direct
    /// Named parts without the marker: a step of a manager.
    case managedStep
  }

  /// Where the arrays of a tree lie.
  package enum Store: String, CaseIterable, Hashable, Sendable {
    /// In an OCDBT database, which is Orbax's default.
    case database = "ocdbt"
    /// Each in a directory of its own.
    case directories
  }

  package var layout = Layout.version1
  package var store = Store.database

  /// The zstd level of chunks; `nil` stores them as they are.
  package var zstdLevel: Int? = 3

  /// The most bytes of a chunk before compression, as far as single elements allow.
  package var chunkBytes = 8 << 20

  /// The most bytes of a data file of a database, as far as single chunks allow; `nil` sets no limit.
  package var maximumFileBytes: Int?

  /// The name that a checkpoint's only part gets when it has none.
  package var nameOfUnnamed = "state"

  /// The time, where the contents have none.
  package var now: @Sendable () -> Timestamp = { .now }

  package var durability = Durability.durable

  package init() {}

  /// Whether arrays are described by zarr's version 3: each version of Orbax writes its own default.
  var usesZarr3: Bool { layout != .version0Direct }
}
