package import CoppiceFiles
package import CoppiceFormat
package import CoppiceModel

extension RunDocument {
  /// Reads the document of a directory of steps.
  ///
  /// - Throws: `json.*`, `metadata.*`, `versioning.*`, `io.*`.
  package init(in directory: DirectoryHandle, limits: ReadLimits) throws(CoppiceError) {
    let bytes = try directory.allBytes(of: Self.fileName, limit: limits.documentBytes)
    try self.init(parsing: bytes, file: directory.displayName(Self.fileName), limits: limits)
  }
}
