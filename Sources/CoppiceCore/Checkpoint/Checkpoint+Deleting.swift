import CoppiceFiles
public import CoppiceModel
import SystemPackage

extension Checkpoint {
  /// Deletes a checkpoint of Coppice's own format.
  ///
  /// The directory is renamed first and then deleted, so that its path never leads to half a
  /// checkpoint.
  ///
  /// - Parameters:
  ///   - path: The checkpoint.
  ///   - missingOK: Whether a path at which nothing exists is accepted.
  /// - Throws: `io.not-found`; `directory.no-root-document` for a directory that isn't a checkpoint
  ///   of this format, which stays unchanged; `io.*`.
  public static func delete(
    at path: some FilePathConvertible, missingOK: Bool = false
  ) async throws(CoppiceError) {
    let path = path.filePath
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try check(path, missingOK) { (directory) throws(CoppiceError) in
        _ = try CheckpointReader.rootDocument(of: directory, limits: .standard)
        guard try StagedRemoval.remove(path) || missingOK else { throw notFound(path) }
      }
    }
  }

  /// Deletes one checkpointable of a checkpoint of Coppice's own format.
  ///
  /// The root document is replaced first, then the checkpointable's directory is deleted. The other
  /// checkpointables stay loadable at every moment.
  ///
  /// - Throws: `usage.no-such-checkpointable` with the names present; `versioning.*` for a checkpoint of
  ///   another version, which stays unchanged; otherwise as deleting a checkpoint.
  public static func deleteCheckpointable(
    _ name: String, at path: some FilePathConvertible, missingOK: Bool = false
  ) async throws(CoppiceError) {
    let path = path.filePath
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try check(path, missingOK) { (directory) throws(CoppiceError) in
        try CheckpointableRemoval(of: name, from: directory).run(missingOK: missingOK)
      }
    }
  }

  private static func check(
    _ path: FilePath, _ missingOK: Bool,
    _ delete: (DirectoryHandle) throws(CoppiceError) -> Void
  ) throws(CoppiceError) {
    let directory: DirectoryHandle
    do {
      directory = try DirectoryHandle(opening: path)
    } catch {
      guard case .system(let number)? = error.cause,
        Errno(rawValue: number) == .noSuchFileOrDirectory
      else { throw error }
      if missingOK { return }
      throw notFound(path)
    }
    try delete(directory)
  }

  private static func notFound(_ path: FilePath) -> CoppiceError {
    CoppiceError(.ioNotFound, "there is nothing at this path", at: .init(file: path.string))
  }
}
