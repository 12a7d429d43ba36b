// Failures of the system, and files that aren't what a document says.
extension CoppiceError.Code {
  /// A directory lies where a file is needed, or a device, or a pipe.
  public static let fileKind = Self(rawValue: "file.kind")
  /// A file that the checkpoint needs is not there.
  public static let fileMissing = Self(rawValue: "file.missing")
  /// A path leads out of the checkpoint, or is absolute.
  public static let fileOutside = Self(rawValue: "file.outside")
  /// A symbolic link leads out of the checkpoint, or round in a circle.
  public static let fileSymlink = Self(rawValue: "file.symlink")
  /// A file is larger than the limit for its kind.
  public static let fileTooLarge = Self(rawValue: "file.too-large")
  /// A system call failed.
  public static let ioFailed = Self(rawValue: "io.failed")
  /// The file system is full, or the quota is used up.
  public static let ioNoSpace = Self(rawValue: "io.no-space")
  /// There is nothing at the path.
  public static let ioNotFound = Self(rawValue: "io.not-found")
  /// The system does not allow it.
  public static let ioPermission = Self(rawValue: "io.permission")
  /// A file became shorter while it was read.
  public static let ioShortRead = Self(rawValue: "io.short-read")
}
