package import CoppiceFiles
package import CoppiceModel
import Synchronization

/// The open files of a store, each opened once while it is in use; their number is bounded.
package final class OpenFiles: Sendable {
  private let directory: DirectoryHandle
  /// The document that names the files, for messages.
  package let origin: String
  private let state = Mutex(State())

  /// The number of files that are kept open; a file in use stays open beyond that.
  private static let most = 64

  private struct State {
    var files: [StoreKey: (file: InputFile, lastUse: Int)] = [:]
    var clock = 0
  }

  package init(in directory: DirectoryHandle, namedBy origin: String) {
    self.directory = directory
    self.origin = origin
  }

  /// Returns the name of a file for messages.
  package func displayName(_ path: StoreKey) -> String {
    directory.displayName(String(printing: path))
  }

  /// Returns the open file at a path given as bytes, or `nil` when they aren't text.
  ///
  /// - Throws: The errors of opening.
  package func file(at path: StoreKey) throws(CoppiceError) -> InputFile? {
    if let file = find(path) { return file }
    guard let name = String(validating: path, as: UTF8.self), !name.isEmpty else { return nil }
    do {
      let file = try directory.open(name)
      keep(file, at: path)
      return file
    } catch {
      // Blame the file containing an escaping path, not its target.
      guard error.code == .fileOutside else { throw error }
      throw CoppiceError(error.code, error.message, at: .init(file: origin))
    }
  }

  private func find(_ path: StoreKey) -> InputFile? {
    state.withLock { state in
      guard let found = state.files[path] else { return nil }
      state.clock += 1
      state.files[path] = (found.file, state.clock)
      return found.file
    }
  }

  private func keep(_ file: InputFile, at path: StoreKey) {
    state.withLock { state in
      state.clock += 1
      state.files[path] = (file, state.clock)
      guard state.files.count > Self.most,
        let oldest = state.files.min(by: { $0.value.lastUse < $1.value.lastUse })
      else { return }
      state.files[oldest.key] = nil
    }
  }
}
