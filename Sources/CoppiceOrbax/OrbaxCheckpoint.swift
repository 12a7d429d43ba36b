package import CoppiceFiles
package import CoppiceModel
import SystemPackage

/// The reader of Orbax's checkpoints, from 0.0.23 on.
///
/// Layouts: V1; V0 composite and direct; the msgpack aggregates of versions up to 0.5; runs of
/// managers and of Flax. Opening reads metadata only: array data stay where they are, apart from
/// Python numbers, which Orbax stores as arrays.
package enum OrbaxCheckpoint {
  /// Returns whether a directory is one of Orbax's, whole or damaged.
  ///
  /// - Throws: `io.*`.
  package static func recognizes(_ directory: DirectoryHandle) throws(CoppiceError) -> Bool {
    do {
      return try Layout(of: OrbaxListing(directory)) != .other
    } catch {
      // A directory that can't be opened, such as a link that leads out, is no sign of Orbax.
      guard error.code.isInputFault else { throw error }
      return false
    }
  }

  /// Opens a checkpoint or a run.
  ///
  /// - Parameter salvages: Whether lost documents are left out, where the arrays can be found from
  ///   their names.
  /// - Throws: `orbax.*` when something of the checkpoint itself is missing or contradictory;
  ///   `file.*`, `json.*`; `io.*`. Opening an item throws the errors of other damage.
  package static func open(
    _ directory: DirectoryHandle, limits: ReadLimits, salvages: Bool = false
  ) throws(CoppiceError) -> CheckpointInput {
    let listing = try OrbaxListing(directory)
    switch try Layout(of: listing) {
    case .checkpoint:
      var contents = try OrbaxCheckpointReader(listing, limits: limits, salvages: salvages)
        .contents()
      contents.step = directory.path.lastComponent.flatMap { OrbaxStepName.ownNumber($0.string) }
      return .checkpoint(contents)
    case .steps:
      return .steps(try OrbaxRunReader.steps(listing, limits: limits, salvages: salvages))
    case .incomplete:
      throw CoppiceError(
        .orbaxIncomplete,
        "a save that was not finished; read another checkpoint, or finalise the partial save",
        at: .init(file: directory.displayName("")))
    case .other: throw unrecognized(listing)
    }
  }

  private static func unrecognized(_ listing: OrbaxListing) -> CoppiceError {
    let near = listing.directories.filter { name in
      (try? Layout(of: try listing.below(name))) == .checkpoint
    }
    let advice =
      near.isEmpty
      ? "it has none of the files that mark one"
      : "but \(near.prefix(5).map { "\"\($0.printable)\"" }.joined(separator: ", ")) "
        + "in it \(near.count == 1 ? "is" : "are")"
    return CoppiceError(
      .orbaxUnrecognized, "the directory is not an Orbax checkpoint: \(advice)",
      at: .init(file: listing.directory.displayName("")))
  }
}
