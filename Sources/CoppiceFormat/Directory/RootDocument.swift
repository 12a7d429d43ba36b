package import CoppiceModel

/// `coppice.json`: the list of a checkpoint's checkpointables, with the digests of their documents.
///
/// Spec: chapter 2 and MET-20.
package struct RootDocument: Sendable {
  /// The file's name; its presence makes a directory a checkpoint.
  package static let fileName = "coppice.json"
  /// The value of `format`.
  package static let format = "coppice"

  /// The features that a reader needs, as listed.
  package var requiredFeatures: Set<Feature>
  /// The checkpointables in byte order of their names.
  package var checkpointables: [NamedEntry]
  package var step: Int?
  package var metrics: JSON?
  package var custom: JSON?
  package var initTime: Timestamp?
  package var commitTime: Timestamp?
  /// The program that wrote the checkpoint.
  package var writer: String
  /// The document's name for messages.
  package var file = Self.fileName
  /// The deviations that were tolerated when the document was read.
  package var warnings: [CoppiceError] = []

  package init(
    requiredFeatures: Set<Feature>, checkpointables: [NamedEntry], writer: String
  ) {
    self.requiredFeatures = requiredFeatures
    self.checkpointables = checkpointables
    self.writer = writer
  }
}

/// A checkpointable's record in the root document with its name.
package struct NamedEntry: Sendable {
  package var name: String
  package var entry: CheckpointableEntry

  package init(_ name: String, _ entry: CheckpointableEntry) {
    self.name = name
    self.entry = entry
  }
}

/// The root document's record of one checkpointable, by kind.
package indirect enum CheckpointableEntry: Sendable {
  case tree(FileRecord)
  case json(FileRecord)
  case files([FileRecord])
  case composite([NamedEntry])

  /// The kind in terms of the model.
  package var kind: Checkpointable.Kind {
    switch self {
    case .tree: .tree
    case .json: .json
    case .files: .files
    case .composite: .composite
    }
  }

  /// The files of the checkpointable itself; none for a composite, whose items have their own.
  package var records: [FileRecord] {
    switch self {
    case .tree(let record), .json(let record): [record]
    case .files(let records): records
    case .composite: []
    }
  }

  /// The file of kind "tree".
  package static let treeFileName = "tree.json"
  /// The file of kind "json".
  package static let jsonFileName = "data.json"
  /// The documents by which the directory of a checkpointable is recognised.
  package static let documentNames = [treeFileName, jsonFileName]
}

/// A file's name, size and digest.
package struct FileRecord: Hashable, Sendable {
  /// The path inside the checkpointable's directory.
  package var path: String
  package var size: Int
  package var digest: Digest

  package init(path: String, size: Int, digest: Digest) {
    self.path = path
    self.size = size
    self.digest = digest
  }
}
