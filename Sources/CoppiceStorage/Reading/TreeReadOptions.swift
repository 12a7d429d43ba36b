package import CoppiceModel

/// The choices of a reader of trees.
package struct TreeReadOptions: Sendable {
  /// The bounds that the reader keeps.
  package var limits: ReadLimits

  /// Whether the digests of blocks are checked when they are read.
  package var verifiesDigests: Bool

  /// Whether a data file that is cut off or changed is read as far as its blocks verify.
  package var toleratesFiles: Bool

  package init(
    limits: ReadLimits = .standard, verifiesDigests: Bool = true, toleratesFiles: Bool = false
  ) {
    self.limits = limits
    self.verifiesDigests = verifiesDigests
    self.toleratesFiles = toleratesFiles
  }
}
