package import CoppiceFiles
package import CoppiceFormat
package import CoppiceModel
package import CoppiceStorage
import SystemPackage

/// The reader of checkpoints of Coppice's own format.
///
/// It reads the root document at once, and each checkpointable when a caller opens it.
package enum CheckpointReader {
  /// The format's name as the tool prints it.
  package static let formatName = "coppice"

  /// The name of the document whose presence makes a directory a checkpoint.
  package static let documentName = RootDocument.fileName

  /// The name of the document whose presence makes a directory a tree of a checkpoint.
  package static let treeDocumentName = CheckpointableEntry.treeFileName

  /// Opens a checkpoint.
  ///
  /// - Throws: The fault of the root document: `directory.*`, `file.*`, `metadata.*`,
  ///   `versioning.*`, `json.*`; `io.*`.
  package static func open(
    _ directory: DirectoryHandle, options: ReadOptions = ReadOptions()
  ) throws(CoppiceError) -> CheckpointContents {
    let document = try rootDocument(of: directory, limits: options.limits)
    var contents = CheckpointContents(format: formatName, root: .named([]))
    contents.hasDigests = true
    contents.step = document.step
    contents.metrics = document.metrics
    contents.custom = document.custom
    contents.initTime = document.initTime
    contents.commitTime = document.commitTime
    let (items, warnings) = try CheckpointableReader(document, options: options)
      .items(in: directory)
    contents.root = .named(items)
    contents.warnings = document.warnings + warnings
    return contents
  }

  /// Reads `coppice.json`.
  package static func rootDocument(
    of directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) -> RootDocument {
    let bytes: [UInt8]
    do {
      bytes = try directory.allBytes(of: RootDocument.fileName, limit: limits.documentBytes)
    } catch {
      guard error.code == .fileMissing else { throw error }
      let name = directory.displayName("")
      throw CoppiceError(
        .directoryNoRootDocument,
        "there is no \(RootDocument.fileName): this is no checkpoint, or one that was never finished",
        at: .init(file: name.isEmpty ? directory.path.string : name))
    }
    return try RootDocument(
      parsing: bytes, file: directory.displayName(RootDocument.fileName), limits: limits)
  }
}
