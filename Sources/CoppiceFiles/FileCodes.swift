package import CoppiceModel

extension CoppiceError.Code {
  /// A system call failed.
  package static let ioFailed = Self(rawValue: "io.failed")
  /// There is nothing at the path.
  package static let ioNotFound = Self(rawValue: "io.not-found")
  /// The system does not allow it.
  package static let ioPermission = Self(rawValue: "io.permission")
  /// The file system is full, or the quota is used up.
  package static let ioNoSpace = Self(rawValue: "io.no-space")
  /// A file became shorter while it was read.
  package static let ioShortRead = Self(rawValue: "io.short-read")
  /// A file that the checkpoint needs is not there.
  package static let fileMissing = Self(rawValue: "file.missing")
  /// A path leads out of the checkpoint, or is absolute.
  package static let fileOutside = Self(rawValue: "file.outside")
  /// A symbolic link leads out of the checkpoint, or round in a circle.
  package static let fileSymlink = Self(rawValue: "file.symlink")
  /// A directory lies where a file is needed, or a device, or a pipe.
  package static let fileKind = Self(rawValue: "file.kind")
  /// A file is larger than the limit for its kind.
  package static let fileTooLarge = Self(rawValue: "file.too-large")
}

extension CoppiceError.Code {
  /// The target exists, and the caller didn't ask to replace it.
  package static let operationExists = Self(rawValue: "operation.exists")
  /// A path given by the user can't be used.
  package static let usagePath = Self(rawValue: "usage.path")
  /// An address such as `gs://bucket/run` is given for a path.
  package static let usageAddress = Self(rawValue: "usage.address")
}
