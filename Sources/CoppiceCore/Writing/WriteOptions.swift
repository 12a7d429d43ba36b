package import CoppiceModel
package import CoppiceStorage

/// The choices of a writer.
package struct WriteOptions: Sendable {
  /// How trees are laid out.
  package var tree = TreeWriteOptions()

  /// Whether an existing target is replaced.
  package var isReplacing = false

  /// The name that a checkpoint's only part gets when it has none.
  package var nameOfUnnamed = "state"

  /// The clock; fixtures set it.
  package var now: @Sendable () -> Timestamp = { .now }

  /// Whether times that the contents don't have are taken from the clock.
  package var recordsTimes = true

  /// Whether files that are carried over become hard links of their sources, where that can be.
  package var linksFiles = false

  /// The program's name in the root document.
  package var writer = "coppice " + coppiceVersion

  package init() {}

  /// What is promised when the save returns.
  package var durability: Durability {
    get { tree.durability }
    set { tree.durability = newValue }
  }
}

/// The version of this library and tool; the format has its own.
package let coppiceVersion = "0.1.0"
