import CoppiceFiles
import CoppiceModel

/// One file of a set, opened, with its header read and checked.
struct OpenedShard: SetShard {
  let file: InputFile
  let header: Header

  /// The indexes of the tensors in the header, by name.
  private let places: [TreeKey: Int]

  /// Opens a file; tensors whose bytes it lacks become leaves with faults, as those of missing files do.
  init(
    opening name: String, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      file = try directory.open(name)
    } catch {
      throw error.located(file: directory.displayName(name))
    }
    header = try Header(
      readingFrom: file, name: file.name, limits: limits, salvages: true)
    var places: [TreeKey: Int] = [:]
    places.reserveCapacity(header.tensors.count)
    for (place, tensor) in header.tensors.enumerated() { places[.string(tensor.name)] = place }
    self.places = places
  }

  static let codes = SetCodes(
    format: SafetensorsFormat.name, index: .safetensorsIndex,
    severalIndexes: .safetensorsSeveralIndexes, duplicateName: .safetensorsDuplicateName,
    limit: .safetensorsLimit, missingTensor: .safetensorsMissingTensor,
    unmappedTensor: .safetensorsUnmappedTensor, unlistedFile: .safetensorsUnlistedFile,
    metadataDiffers: .safetensorsMetadataDiffers)

  var name: String { file.name }
  var keys: [TreeKey] { header.tensors.map { .string($0.name) } }
  var warnings: [CoppiceError] { [] }
  var hasDigests: Bool { false }

  var metadata: [JSON.Member]? {
    header.metadata?.map { JSON.Member($0.name, .string($0.value)) }
  }

  func entry(at key: TreeKey) -> Tree<ArrayLeaf>.Entry? {
    guard let place = places[key] else { return nil }
    return entry(header.tensors[place])
  }

  /// Returns the entry of one of the header's tensors for the tree.
  func entry(_ tensor: Header.Tensor) -> Tree<ArrayLeaf>.Entry {
    .init(
      .string(tensor.name), .leaf(header.leaf(of: tensor, in: file, name: file.name)))
  }
}
