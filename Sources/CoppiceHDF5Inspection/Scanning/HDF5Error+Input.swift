import CoppiceHDF5
import CoppiceModel

extension HDF5Error {
  /// Whether libhdf5 met a version of a structure that only a newer one has.
  ///
  /// The structure may as well be damaged just there: libhdf5 can't tell these apart. Of all others, the
  /// superblock among them, no version came after 1.10.
  var isOfNewerVersion: Bool { frames.contains { Self.newer.contains($0.message) } }

  private static let newer: Set<String> = [
    "bad version number for datatype message", "bad version number for layout message",
  ]

  /// The error as one about the file that was read.
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
