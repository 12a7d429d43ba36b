public import SystemPackage

/// A value that calls take as a path: `FilePath` or `String`.
///
/// Of a `URL`, pass `url.path`. A program with a path type of its own conforms it.
public protocol FilePathConvertible {
  /// The path.
  var filePath: FilePath { get }
}

extension FilePath: FilePathConvertible {
  /// The path itself.
  public var filePath: FilePath { self }
}

extension String: FilePathConvertible {
  /// The text as a path.
  public var filePath: FilePath { FilePath(self) }
}
