import Coppice
package import CoppiceModel
import CoppiceStorage
import FileAccess
import SystemPackage

/// Writes checkpoints of this project's own format.
package struct CoppiceOutput: WritableFormat {
  package let name = CheckpointReader.formatName
  package let abilities = FormatAbilities(
    Set(FormatAbilities.Feature.allCases), dtypes: DType.allCases)
  package let choices = OutputChoices(compresses: true, splits: true)

  package init() {}

  package func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> any OutputPlan {
    var writing = options.coppice
    if let maximum = options.maximumFileBytes { writing.tree.maximumFileBytes = maximum }
    switch options.compression {
    case CompressionChoice.none?: writing.tree.zstdLevel = nil
    case .zstd(let level)?: writing.tree.zstdLevel = level ?? 1
    case nil: break
    }
    return CoppiceOutputPlan(contents: contents, options: writing)
  }

  package func planRun(
    rootMetadata: JSON?, options: OutputOptions
  ) throws(CoppiceError) -> RunPlan? {
    let document = StepsDocument(metadata: rootMetadata ?? .object([]))
    return RunPlan(documents: [.init(path: StepsDocument.fileName, bytes: try document.encoded())])
  }
}

extension WritableFormat where Self == CoppiceOutput {
  package static var coppice: Self { CoppiceOutput() }
}

/// A checkpoint of this project's own format: it holds whatever there is.
private struct CoppiceOutputPlan: OutputPlan {
  let contents: CheckpointContents
  let options: WriteOptions

  let kind = StagedOutput.Kind.directory
  let notes: [ConversionNote] = []

  var leaves: [PlannedLeaf] { PlannedLeaf.all(of: contents, unnamed: options.nameOfUnnamed) }

  var files: [PlannedFile] {
    var files = [PlannedFile(CheckpointReader.documentName, byteCount: nil)]
    let items: [NamedCheckpointable] =
      switch contents.root {
      case .named(let items): items
      case .unnamed(let item): [.init(options.nameOfUnnamed, item)]
      }
    for item in items {
      files += Self.files(of: item.value, in: CheckpointWriter.directoryName(of: item.name) + "/")
    }
    return files
  }

  private static func files(of item: Checkpointable, in directory: String) -> [PlannedFile] {
    switch item {
    case .tree(let tree):
      let bytes = tree.leaves.reduce(0) { $0 + $1.leaf.source.byteCount }
      return [
        PlannedFile(directory + CheckpointReader.treeDocumentName, byteCount: nil),
        PlannedFile(directory + "arrays.h5", byteCount: tree.leafCount == 0 ? nil : bytes),
      ]
    case .json: return [PlannedFile(directory + "data.json", byteCount: nil)]
    case .files(let files):
      return files.map { PlannedFile(directory + $0.path, byteCount: $0.bytes.byteCount) }
    case .composite(let items):
      return items.flatMap { item in
        files(of: item.value, in: directory + CheckpointWriter.directoryName(of: item.name) + "/")
      }
    }
  }

  func write(to output: FilePath, monitor: OperationMonitor) throws(CoppiceError) {
    try CheckpointWriter.fill(output, with: contents, options: options, monitor: monitor)
  }
}

extension PlannedLeaf {
  /// All arrays of a checkpoint, of a format that leaves none out.
  package static func all(
    of contents: CheckpointContents, unnamed: String? = nil
  ) -> [PlannedLeaf] {
    switch contents.root {
    case .unnamed(let item): all(of: item, in: unnamed)
    case .named(let items): items.flatMap { all(of: $0.value, in: $0.name) }
    }
  }

  private static func all(of item: Checkpointable, in part: String?) -> [PlannedLeaf] {
    switch item {
    case .tree(let tree):
      tree.leaves.map { path, leaf in
        PlannedLeaf(
          part: part, path: path.description, dtype: leaf.metadata.dtype,
          shape: leaf.metadata.shape)
      }
    case .json, .files: []
    case .composite(let items):
      items.flatMap { all(of: $0.value, in: (part.map { $0 + "/" } ?? "") + $0.name) }
    }
  }
}
