import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import SystemPackage

/// A root of steps on disk: listing, reading, writing and deleting, one after the other.
struct RunDirectory: Sendable {
  let path: FilePath
  let options: CheckpointerOptions

  private var limits: ReadLimits { options.opening.limits }

  /// The path of something in the root.
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

  /// Lists the steps: names and root documents, no trees.
  ///
  /// - Throws: `usage.choice` when the directory is a checkpoint itself, `directory.*`, `io.*`.
  func list() throws(CoppiceError) -> RunListing {
    guard let directory = try directory() else { return RunListing() }
    do throws(CoppiceError) {
      if try directory.kind(of: RootDocument.fileName) != nil { throw isNoRoot("a checkpoint") }
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

  /// The names and root documents of steps, as far as they aren't known yet.
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

  /// The steps of another format's root; `nil` where there is none.
  private func foreign(in directory: DirectoryHandle) throws(CoppiceError) -> RunListing? {
    for reader in options.opening.formats.list {
      do throws(CoppiceError) {
        switch try reader.open(directory, options: options.opening) {
        case .steps(let steps)?: return RunListing(steps, names: options.stepNames)
        case .checkpoint(let contents)?: throw isNoRoot("a checkpoint (\(contents.format))")
        case nil: continue
        }
      } catch {
        // A root of Orbax's that has no step yet.
        guard error.code.rawValue == "orbax.empty" else { throw error }
        return nil
      }
    }
    return nil
  }

  private func isNoRoot(_ what: String) -> CoppiceError {
    CoppiceError(
      .usageChoice,
      "this is \(what), not a root of steps: open the directory around it, or choose "
        + "another one", at: .init(file: path.string))
  }
}

extension CoppiceError {
  /// Whether there is nothing at the path.
  var isMissing: Bool {
    guard case .system(let number)? = cause else { return code == .fileMissing }
    return Errno(rawValue: number) == .noSuchFileOrDirectory
  }
}
