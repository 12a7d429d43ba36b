import CoppiceFiles
import CoppiceModel

/// The reader of a run, as managers and Flax make it.
enum OrbaxRunReader {
  /// Lists the steps and opens none.
  static func steps(
    _ listing: OrbaxListing, limits: ReadLimits, salvages: Bool
  ) throws(CoppiceError) -> CheckpointRun {
    let directory = listing.directory
    var steps: [CheckpointRun.Step] = []
    var warnings: [CoppiceError] = []
    for name in listing.directories {
      if OrbaxName.isTemporary(name) || OrbaxName.isPartialSave(name) {
        warnings.append(
          CoppiceError(
            .orbaxTemporary, "what an interrupted save left; it is passed over",
            at: .init(file: directory.displayName(name))))
      } else if let number = OrbaxStepName.number(name) {
        steps.append(
          CheckpointRun.Step(number: number, name: name) { () throws(CoppiceError) in
            try open(name, number, in: directory, limits, salvages)
          })
      }
    }
    guard !steps.isEmpty else {
      throw CoppiceError(
        .orbaxEmpty, "the directory of a run has no steps",
        at: .init(file: directory.displayName("")))
    }
    // Names come sorted, and sorting is stable.
    steps.sort { $0.number < $1.number }
    var result = CheckpointRun(
      format: "orbax-steps", steps: steps,
      rootMetadata: rootMetadata(directory, limits, &warnings))
    result.warnings = warnings
    return result
  }

  private static func open(
    _ name: String, _ number: Int, in directory: DirectoryHandle, _ limits: ReadLimits,
    _ salvages: Bool
  ) throws(CoppiceError) -> CheckpointContents {
    let listing = try OrbaxListing(try directory.subdirectory(name))
    var contents = try OrbaxCheckpointReader(listing, limits: limits, salvages: salvages)
      .contents()
    contents.step = number
    return contents
  }

  /// Reads the metadata of the run; the steps can be read without them.
  private static func rootMetadata(
    _ directory: DirectoryHandle, _ limits: ReadLimits, _ warnings: inout [CoppiceError]
  ) -> JSON? {
    do {
      return try RootMetadata.read(directory, limits: limits)
    } catch {
      warnings.append(
        CoppiceError(
          .orbaxMetadataDropped, "the metadata of the run can't be read: \(error.message)",
          at: error.location))
      return nil
    }
  }
}
