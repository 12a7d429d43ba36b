import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import SystemPackage

/// The directory of a run, with the operations on it: listing, reading, writing and deleting.
struct RunDirectory: Sendable {
  let path: FilePath
  let options: CheckpointerOptions

  private var limits: ReadLimits { options.opening.limits }

  /// Returns the path of an entry of the run.
  func callAsFunction(_ name: String) -> FilePath { path.appending(name) }

  /// Opens the directory; `nil` when there is none.
  private func directory() throws(CoppiceError) -> DirectoryHandle? {
    do {
      return try DirectoryHandle(opening: path, symlinks: options.opening.symlinks)
    } catch {
      guard error.isMissing else { throw error }
      return nil
    }
  }

  /// Lists the steps from names and root documents, without reading trees.
  ///
  /// - Throws: `usage.choice` when the directory is a checkpoint itself, `directory.*`, `io.*`.
  func list() throws(CoppiceError) -> RunListing {
    guard let directory = try directory() else { return RunListing() }
    do throws(CoppiceError) {
      if try directory.kind(of: RootDocument.fileName) != nil { throw isNoRun("a checkpoint") }
      let listing = try StepListing(directory, limits: limits)
      if listing.isRoot {
        return try RunListing(
          listing, in: directory, names: options.stepNames, limits: limits)
      }
      if let found = try foreign(in: directory) { return found }
      var nothing = RunListing()
      if try directory.entries().contains(where: { $0.name.utf8.first != 0x2E }) {
        nothing.warnings.append(
          CoppiceError(
            .formatUnrecognized,
            try UnrecognizedPath.advice(on: directory, options.opening.formats)))
      }
      return nothing
    } catch {
      throw error.located(file: path.string)
    }
  }

  /// Returns the names and root documents of the steps, reading only those that aren't known yet.
  func list(
    beside known: [String: StepListing.Step]
  ) throws(CoppiceError) -> (steps: [String: StepListing.Step], infos: [CheckpointInfo]) {
    guard let directory = try directory() else { return ([:], []) }
    let listing = try StepListing(directory, limits: limits, known: known)
    guard listing.isRoot else { return ([:], try foreign(in: directory)?.infos ?? []) }
    let steps = listing.steps.filter { options.stepNames.accepts($0.number, named: $0.name) }
    return (
      Dictionary(steps.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }),
      steps.map(CheckpointInfo.init)
    )
  }

  /// Returns the steps of a run of another format; `nil` if the directory is no such run.
  private func foreign(in directory: DirectoryHandle) throws(CoppiceError) -> RunListing? {
    let opened = OpenedPath(path, directory)
    for reader in options.opening.formats.list {
      do throws(CoppiceError) {
        switch try opened.read(by: reader, options.opening) {
        case .steps(let steps)?: return RunListing(steps, names: options.stepNames)
        case .checkpoint(let contents)?: throw isNoRun("a checkpoint (\(contents.format))")
        case nil: continue
        }
      } catch {
        // This is an Orbax run without steps.
        guard error.code.rawValue == "orbax.empty" else { throw error }
        return nil
      }
    }
    return nil
  }

  private func isNoRun(_ what: String) -> CoppiceError {
    CoppiceError(
      .usageChoice,
      "this is \(what), not a run: open the directory around it, or choose "
        + "another one", at: .init(file: path.string))
  }
}

extension CoppiceError {
  /// Whether the error says that the path doesn't exist.
  var isMissing: Bool {
    guard case .system(let number)? = cause else { return code == .fileMissing }
    return Errno(rawValue: number) == .noSuchFileOrDirectory
  }
}
