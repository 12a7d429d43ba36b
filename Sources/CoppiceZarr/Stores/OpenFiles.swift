package import CoppiceFiles
package import CoppiceModel

/// The open files of a store, whose names are bytes; their number is bounded.
package final class OpenFiles: Sendable {
  private let pool: FilePool
  /// The document that names the files, for messages.
  package let origin: String

  package init(in directory: DirectoryHandle, namedBy origin: String) {
    pool = FilePool(directory)
    self.origin = origin
  }

  /// Returns the name of a file for messages.
  package func displayName(_ path: StoreKey) -> String {
    pool.displayName(String(printing: path))
  }

  /// Returns the open file at a path given as bytes, or `nil` when they aren't text.
  ///
  /// - Throws: The errors of opening.
  package func file(at path: StoreKey) throws(CoppiceError) -> InputFile? {
    guard let name = String(validating: path, as: UTF8.self), !name.isEmpty else { return nil }
    do {
      return try pool.file(name)
    } catch {
      // Blame the file containing an escaping path, not its target.
      guard error.code == .fileOutside else { throw error }
      throw CoppiceError(error.code, error.message, at: .init(file: origin))
    }
  }
}
