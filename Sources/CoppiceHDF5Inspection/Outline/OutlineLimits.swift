package import CoppiceModel

/// The limits of a file's outline.
package struct OutlineLimits: Hashable, Sendable {
  /// The most links.
  package var links: Int
  /// The deepest nesting of groups.
  package var depth: Int
  /// The most chunks, in all datasets together.
  package var chunks = 1 << 22
  /// The most bytes of texts of variable length in one dataset.
  package var stringBytes = 64 << 20
  /// The most bytes of sequences of variable length in one dataset; by default none are read.
  package var sequenceBytes = 0
  /// The most bytes of one attribute, or of one compact dataset; larger ones are left out.
  package var valueBytes = 16 << 20
  /// The most bytes of all names, attributes, texts and compact data together.
  package var totalBytes = 256 << 20

  /// Takes over the limits for readers of trees.
  package init(_ limits: ReadLimits = .standard) {
    links = limits.leaves
    depth = limits.depth
  }
}
