import CoppiceHDF5Inspection
public import SystemPackage

/// Where libhdf5 parses files that may be damaged or hostile.
public enum HDF5Access: Sendable {
  /// In this process: fast, and right for files that are trusted.
  case inProcess
  /// In a process of its own, whose death is an error message: the path of `coppice-hdf5-worker`.
  case worker(FilePath)
}

extension HDF5Access {
  /// The same as `FileOutline` has it.
  var mode: FileOutline.Mode {
    switch self {
    case .inProcess: .inProcess
    case .worker(let path): .worker(path)
    }
  }
}
