/// Elements that are read only where the caller wants them.
package struct ElementChoices: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Sequences of variable length, as lists of arrays in memory.
  package static let sequences = Self(rawValue: 1 << 0)
  /// Elements of a fixed size that no array can have, as their bytes along one more dimension.
  package static let raw = Self(rawValue: 1 << 1)
}
