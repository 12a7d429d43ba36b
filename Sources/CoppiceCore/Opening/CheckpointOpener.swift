import CoppiceFiles
package import CoppiceModel
package import SystemPackage

/// The opener of checkpoints and runs of all formats, which it recognises by content.
package enum CheckpointOpener {
  /// Opens a path.
  ///
  /// - Throws: `usage.address`, `io.not-found`, `format.unrecognized`, and the errors of the
  ///   format's reader.
  package static func open(
    _ path: FilePath, options: OpenOptions = OpenOptions()
  ) throws(CoppiceError) -> CheckpointInput {
    do throws(CoppiceError) {
      if let directory = try openDirectory(path, options) {
        for reader in options.formats.list {
          if let input = try reader.open(directory, options: options) {
            return input.opened(at: path)
          }
        }
        throw CoppiceError(
          .formatUnrecognized, try UnrecognizedPath.advice(on: directory, options.formats),
          at: .init(file: path.string))
      }
      let file = try InputFile(opening: path)
      for reader in options.formats.list {
        if let input = try reader.open(file, options: options) {
          return input.opened(at: path)
        }
      }
      throw CoppiceError(
        .formatUnrecognized, try UnrecognizedPath.advice(on: file, at: path, options.formats),
        at: .init(file: path.string))
    } catch {
      throw error.located(file: path.string)
    }
  }

  private static func openDirectory(
    _ path: FilePath, _ options: OpenOptions
  ) throws(CoppiceError) -> DirectoryHandle? {
    do {
      return try DirectoryHandle(opening: path, symlinks: options.symlinks)
    } catch {
      guard case .system(let number)? = error.cause else { throw error }
      switch Errno(rawValue: number) {
      // The path is a file, or leads through one.
      case .notDirectory: return nil
      case .noSuchFileOrDirectory:
        throw CoppiceError(
          .ioNotFound, "there is nothing at this path" + NearPath.hint(for: path),
          at: error.location, cause: error.cause)
      default: throw error
      }
    }
  }
}

extension CheckpointInput {
  /// Returns the same input, with the path as its source and as the place of its warnings.
  fileprivate func opened(at path: FilePath) -> CheckpointInput {
    switch self {
    case .checkpoint(var contents):
      contents.warnings = contents.warnings.map { $0.located(file: path.string) }
      contents.sourcePath = path.string
      return .checkpoint(contents)
    case .steps(var steps):
      steps.warnings = steps.warnings.map { $0.located(file: path.string) }
      steps.sourcePath = path.string
      return .steps(steps)
    }
  }
}
