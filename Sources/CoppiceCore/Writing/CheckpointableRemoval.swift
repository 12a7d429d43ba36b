package import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import CoppiceStorage
import SystemPackage

/// The removal of one checkpointable from a checkpoint.
///
/// Spec: DIR-26.
package struct CheckpointableRemoval {
  private let name: String
  private let directory: DirectoryHandle

  package init(of name: String, from directory: DirectoryHandle) {
    self.name = name
    self.directory = directory
  }

  /// Replaces the root document, then deletes the checkpointable's directory.
  ///
  /// - Throws: `usage.no-such-checkpointable`, `versioning.ignored-member`, the errors of reading the other
  ///   checkpointables' documents, `io.*`.
  package func run(missingOK: Bool) throws(CoppiceError) {
    var document = try CheckpointReader.rootDocument(of: directory, limits: .standard)
    // Writing the document anew would lose members of a later version that this one doesn't know.
    if let unknown = document.warnings.first { throw unknown }
    let kept = document.checkpointables.filter { !$0.name.utf8.elementsEqual(name.utf8) }
    guard kept.count < document.checkpointables.count else {
      if missingOK { return }
      let names = document.checkpointables.map { "\"\($0.name.printable)\"" }
      throw CoppiceError(
        .usageNoSuchCheckpointable,
        "the checkpoint has no checkpointable \"\(name.printable)\"; it has "
          + (names.isEmpty ? "none" : names.joined(separator: ", ")))
    }
    document.checkpointables = kept
    document.requiredFeatures = try features(of: kept, in: directory)
    let target = directory.path.appending(RootDocument.fileName)
    let staged = try StagedOutput(.file, for: target, replacing: true)
    defer { staged.discard() }
    let output = try OutputFile(at: staged.path, creating: false)
    try output.write(try document.encoded(), at: 0)
    try output.sync()
    try staged.commit(durability: .durable)
    try OutputDirectory.remove(
      directory.path.appending(CheckpointableName.directory(for: name)))
    try OutputDirectory.sync(directory.path)
  }

  /// Returns the features that checkpointables use; one whose directory is missing uses none.
  ///
  /// Spec: VER-5.
  private func features(
    of entries: [NamedEntry], in directory: DirectoryHandle
  ) throws(CoppiceError) -> Set<Feature> {
    var features: Set<Feature> = []
    for entry in entries {
      if case .composite = entry.entry { features.insert(.composite) }
      guard let inner = try CheckpointableReader.directory(of: entry, in: directory) else {
        continue
      }
      switch entry.entry {
      case .tree(let record):
        features.formUnion(
          try TreeReader.document(record, in: inner, limits: .standard).features)
      case .json(let record):
        let json = try CheckpointableReader.json(record, in: inner, limits: .standard)
        if NonfiniteNumbers.occur(in: json) { features.insert(.jsonNonfinite) }
      case .files: break
      case .composite(let items): features.formUnion(try self.features(of: items, in: inner))
      }
    }
    return features
  }
}
