package import CoppiceFiles
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
      let opened = try OpenedPath(path, options)
      do throws(CoppiceError) {
        return try open(opened, options).opened(at: path)
      } catch {
        throw opened.namingSubstitute(error)
      }
    } catch {
      throw error.located(file: path.string)
    }
  }

  private static func open(
    _ opened: OpenedPath, _ options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput {
    for reader in options.formats.list {
      if let input = try opened.read(by: reader, options) { return input }
    }
    let advice =
      switch opened.content {
      case .directory(let directory): try UnrecognizedPath.advice(on: directory, options.formats)
      case .file(let file): try UnrecognizedPath.advice(on: file, at: opened.path, options.formats)
      }
    throw CoppiceError(.formatUnrecognized, advice, at: .init(file: opened.path.string))
  }
}

/// A path, opened once for all readers.
package struct OpenedPath {
  enum Content {
    case directory(DirectoryHandle)
    case file(InputFile)
  }

  let path: FilePath
  let content: Content

  /// Takes a directory that is already open.
  package init(_ path: FilePath, _ directory: DirectoryHandle) {
    self.path = path
    content = .directory(directory)
  }

  /// Opens a path.
  ///
  /// - Throws: `io.*`, `usage.address`.
  init(_ path: FilePath, _ options: OpenOptions) throws(CoppiceError) {
    self.path = path
    content =
      if let directory = try Self.openDirectory(path, options) {
        .directory(directory)
      } else {
        .file(try InputFile(opening: path))
      }
  }

  /// Returns what a reader makes of the path; `nil` when it isn't of the reader's format.
  package func read(
    by reader: any FormatReader, _ options: OpenOptions
  ) throws(CoppiceError) -> CheckpointInput? {
    guard let reader = reader as? any BuiltInFormatReader else {
      return try reader.open(path, options: options)
    }
    return switch content {
    case .directory(let directory): try reader.open(directory, options: options)
    case .file(let file): try reader.open(file, options: options)
    }
  }

  /// Returns a reader's error with what the file is, if it only stands for another that was never copied.
  func namingSubstitute(_ error: CoppiceError) -> CoppiceError {
    guard error.code.isInputFault else { return error }
    let file: InputFile? =
      switch content {
      case .file(let file): file
      case .directory(let directory): error.location.file.flatMap { try? directory.open($0) }
      }
    return file.map { error.naming($0) } ?? error
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
