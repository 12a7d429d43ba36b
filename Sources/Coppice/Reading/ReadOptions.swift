package import CoppiceModel

/// The choices of a reader.
package struct ReadOptions: Sendable {
  /// Whether the digest of each block is checked when it is read.
  package var verifiesDigests = true

  package var limits = ReadLimits.standard

  package init() {}
}
