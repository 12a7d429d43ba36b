package import CoppiceModel

/// The choices of a reader.
package struct ReadOptions: Sendable {
  /// Whether the digest of each block is checked when it is read.
  package var verifiesDigests = true

  package var limits = ReadLimits.standard

  /// Whether files that are cut off or changed are read as far as their blocks verify.
  package var salvages = false

  /// Whether opening a tree looks whether all data files are there with their sizes; otherwise each is
  /// looked at when it is read.
  package var looksAtAllFiles = true

  package init() {}

  /// The choices as trees take them.
  package var tree: TreeReadOptions {
    // Only digests tell which blocks of a damaged file are whole.
    TreeReadOptions(
      limits: limits, verifiesDigests: verifiesDigests || salvages, toleratesFiles: salvages,
      looksAtAllFiles: looksAtAllFiles)
  }
}
