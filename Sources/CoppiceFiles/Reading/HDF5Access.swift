public import SystemPackage

/// The process in which libhdf5 parses files that may be damaged or hostile.
public enum HDF5Access: Hashable, Sendable {
  /// This process: fast, and right for files that are trusted. libhdf5 1.10 crashes on some others.
  case inProcess
  /// A process of its own, whose death is an error message: the path of `coppice-hdf5-worker`.
  case worker(FilePath)
}
