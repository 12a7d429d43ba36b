import CoppiceHDF5
import CoppiceModel

extension HDF5Error {
  /// Whether libhdf5 met a version of a structure that only a newer libhdf5 reads.
  ///
  /// The structure may also be damaged: libhdf5 can't distinguish the two. All other structures,
  /// including the superblock, have had no new version since 1.10.
  var isOfNewerVersion: Bool { frames.contains { Self.newer.contains($0.message) } }

  private static let newer: Set<String> = [
    "bad version number for datatype message", "bad version number for layout message",
  ]

  /// This error as one about the input file.
  var aboutInput: CoppiceError {
    guard isOfNewerVersion else {
      return CoppiceError(
        .hdf5Invalid, "\(self); the file is damaged", cause: .other(self))
    }
    return CoppiceError(
      .hdf5NewerVersion,
      "this was written for a newer HDF5 than \(libraryVersion) here, or is damaged "
        + "(\(frames.last?.message ?? "")); load the values and save them anew with libver=\"v110\"",
      cause: .other(self))
  }
}
