package import CoppiceModel

/// The options of a reader of trees.
package struct TreeReadOptions: Sendable {
  /// The limits that the reader enforces.
  package var limits: ReadLimits

  /// Whether the digests of blocks are checked on reading.
  package var verifiesDigests: Bool

  /// Whether a truncated or changed data file is read as far as its blocks verify.
  package var toleratesFiles: Bool

  /// Whether opening looks at all data files.
  package var looksAtAllFiles: Bool

  package init(
    limits: ReadLimits = .standard, verifiesDigests: Bool = true, toleratesFiles: Bool = false,
    looksAtAllFiles: Bool = true
  ) {
    self.looksAtAllFiles = looksAtAllFiles
    self.limits = limits
    self.verifiesDigests = verifiesDigests
    self.toleratesFiles = toleratesFiles
  }
}
