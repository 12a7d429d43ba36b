package import CoppiceModel
package import CoppiceStorage

/// The options of a writer.
package struct WriteOptions: Sendable {
  /// The options of writing trees.
  package var tree = TreeWriteOptions()

  /// Whether an existing target is replaced.
  package var isReplacing = false

  /// The name that a checkpoint's only checkpointable gets when it has none.
  package var nameOfUnnamed = "state"

  /// The clock; fixtures set it.
  package var now: @Sendable () -> Timestamp = { .now }

  /// Whether the writer takes times that the contents lack from the clock.
  package var recordsTimes = true

  /// Whether files that are carried over become hard links to their sources, where the system
  /// allows it.
  package var linksFiles = false

  /// The program's name in the root document.
  package var writer = "coppice " + coppiceVersion

  package init() {}

  /// The guarantee that the save gives when it returns.
  package var durability: Durability {
    get { tree.durability }
    set { tree.durability = newValue }
  }
}

/// The version of this library and tool; the format has its own.
public let coppiceVersion = "0.1.0"
