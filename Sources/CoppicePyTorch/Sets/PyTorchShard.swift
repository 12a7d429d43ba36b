import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors

/// One file of a set, opened: a dictionary of tensors that `torch.save` wrote.
struct PyTorchShard: SetShard {
  let name: String
  let warnings: [CoppiceError]
  let hasDigests: Bool
  private let entries: [Tree<ArrayLeaf>.Entry]

  /// The indexes of the entries, by key.
  private let places: [TreeKey: Int]

  static let codes = SetCodes(
    format: PyTorchFormat.name, index: .pytorchIndex, severalIndexes: .pytorchSeveralIndexes,
    duplicateName: .pytorchIndex, limit: .pytorchLimit, missingTensor: .pytorchMissingTensor,
    unmappedTensor: .pytorchUnmappedTensor, unlistedFile: .pytorchUnlistedFile,
    metadataDiffers: .pytorchIndex)

  init(
    opening name: String, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) {
    let file: InputFile
    do throws(CoppiceError) {
      file = try directory.open(name)
    } catch {
      throw error.located(file: directory.displayName(name))
    }
    let contents = try PyTorchFormat.open(file, limits: limits)
    guard case .unnamed(.tree(.dict(let entries))) = contents.root else {
      throw CoppiceError(
        .pytorchValue,
        "a file of a set must be a dictionary of tensors, but this is another object",
        at: .init(file: file.name))
    }
    self.name = file.name
    self.entries = entries
    warnings = contents.warnings
    hasDigests = contents.hasDigests
    var places: [TreeKey: Int] = [:]
    for (place, entry) in entries.enumerated() { places[entry.key] = place }
    self.places = places
  }

  var keys: [TreeKey] { entries.map(\.key) }
  var metadata: [JSON.Member]? { nil }

  func entry(at key: TreeKey) -> Tree<ArrayLeaf>.Entry? { places[key].map { entries[$0] } }
}
