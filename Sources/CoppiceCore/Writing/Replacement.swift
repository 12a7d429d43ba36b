import CoppiceFiles
package import CoppiceModel
package import SystemPackage

/// The rule for existing files at a target: Coppice destroys nothing that it could not have
/// written.
package enum Replacement {
  /// The checkpoint that a result replaces.
  package struct Replaced: Hashable, Sendable {
    package var path: FilePath
    /// The format of the replaced checkpoint.
    package var format: String
    package var isDirectory: Bool
  }

  /// The names of files that only directories of checkpoints have.
  private static let marks = [
    CheckpointReader.documentName, CheckpointReader.treeDocumentName, "_CHECKPOINT_METADATA",
    "_METADATA", "manifest.ocdbt",
  ]

  /// Checks that a target lies outside of all checkpoints, and that the source isn't in it.
  ///
  /// Links are followed for both paths, so that two names of one directory are recognised as the
  /// same.
  ///
  /// - Parameters:
  ///   - target: The path of the result.
  ///   - source: The checkpoint that is read, where it has a path.
  /// - Throws: `usage.target`, `io.*`.
  package static func checkPlace(
    _ target: FilePath, source: FilePath?
  ) throws(CoppiceError) {
    if let source, let itself = FileIdentity(of: target) {
      for (depth, path) in try chain(source).enumerated() where FileIdentity(of: path) == itself {
        throw CoppiceError(
          .usageTarget,
          depth == 0
            ? "this is the source, which is never replaced; choose another target"
            : "the source lies in this directory; choose another target",
          at: .init(file: target.string))
      }
    }
    let parent = target.removingLastComponent()
    guard FileIdentity(of: parent.isEmpty ? "." : parent) != nil else { return }
    let origin = source.flatMap { FileIdentity(of: $0) }
    for path in try chain(parent.isEmpty ? "." : parent) {
      let isSource = origin != nil && FileIdentity(of: path) == origin
      guard
        isSource || marks.contains(where: { FileIdentity(of: path.appending($0))?.kind == .file })
      else { continue }
      throw CoppiceError(
        .usageTarget,
        "this lies inside \(isSource ? "the source" : "a checkpoint"); choose a target elsewhere",
        at: .init(file: target.string))
    }
  }

  /// Returns the path without links, and the paths of all directories around it.
  private static func chain(_ path: FilePath) throws(CoppiceError) -> [FilePath] {
    var path = try path.resolved()
    var paths = [path]
    while path.removeLastComponent() { paths.append(path) }
    return paths
  }

  /// Checks that an existing file or directory at a target may be replaced.
  ///
  /// - Parameters:
  ///   - target: The path of the result.
  ///   - format: The format of the result; an existing file must have the same.
  ///   - options: The options with which the existing checkpoint is opened; a directory must be a
  ///     checkpoint of one of their formats.
  /// - Returns: The checkpoint that will be replaced; `nil` where the path is free.
  /// - Throws: `operation.not-replaceable`, `io.*`.
  package static func check(
    _ target: FilePath, by format: String, options: OpenOptions
  ) throws(CoppiceError) -> Replaced? {
    guard let identity = FileIdentity(of: target, followsLink: false) else { return nil }
    switch identity.kind {
    case .file: return try checkFile(target, by: format, options)
    case .directory: return try checkDirectory(target, options)
    case .symbolicLink:
      throw refusal(of: "this symbolic link", at: target, "give the path that it leads to instead")
    case .other: throw refusal(of: "this", at: target, "it is neither a file nor a directory")
    }
  }

  private static func checkFile(
    _ target: FilePath, by format: String, _ options: OpenOptions
  ) throws(CoppiceError) -> Replaced {
    let input = try naming(target, "this file") { () throws(CoppiceError) in
      try CheckpointOpener.open(target, options: options)
    }
    guard case .checkpoint(let contents) = input, contents.format == format else {
      throw refusal(
        of: "this file", at: target, "its format is not \(format)")
    }
    return Replaced(path: target, format: format, isDirectory: false)
  }

  private static func checkDirectory(
    _ target: FilePath, _ options: OpenOptions
  ) throws(CoppiceError) -> Replaced {
    let directory = try DirectoryHandle(opening: target, symlinks: options.symlinks)
    let opened = OpenedPath(target, directory)
    let (reader, input) = try naming(target, "this directory") { () throws(CoppiceError) in
      for reader in options.formats.list {
        if let input = try opened.read(by: reader, options) { return (reader, input) }
      }
      throw CoppiceError(.formatUnrecognized, "")
    }
    guard case .checkpoint(let contents) = input else {
      throw refusal(of: "this directory", at: target, "it is a run of steps")
    }
    let stranger = try naming(target, "this checkpoint") { () throws(CoppiceError) in
      guard let reader = reader as? any BuiltInFormatReader else {
        // The library can't tell which entries belong to a format that it doesn't know.
        return try directory.entries().first?.name
      }
      return try reader.stranger(in: directory, options: options)
    }
    guard let stranger else {
      return Replaced(path: target, format: contents.format, isDirectory: true)
    }
    throw refusal(
      of: "this checkpoint", at: target,
      "it holds \"\(stranger.printable)\", which doesn't belong to it")
  }

  /// Turns a fault of the existing file or directory into a refusal.
  private static func naming<Result>(
    _ target: FilePath, _ noun: String, _ body: () throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    do throws(CoppiceError) {
      return try body()
    } catch {
      guard error.code.isInputFault else { throw error }
      let reason =
        error.code == .formatUnrecognized
        ? "it is no checkpoint" : "it is damaged: \(error.message)"
      throw refusal(of: noun, at: target, reason, error)
    }
  }

  /// The error about something at a target that isn't replaced.
  package static func refusal(
    of noun: String, at target: FilePath, _ reason: String, _ cause: CoppiceError? = nil
  ) -> CoppiceError {
    CoppiceError(
      .operationNotReplaceable,
      "\(noun) isn't replaced: \(reason); choose another target, or delete it yourself",
      at: .init(file: target.string), cause: cause.map { .other($0) })
  }
}
