package import CoppiceFiles
package import CoppiceModel

/// One file of a set: files that together hold one flat tree, and an index that maps each tensor to its
/// file.
package protocol SetShard {
  /// The format of the set, and the codes of its faults.
  static var codes: SetCodes { get }

  /// Opens a file.
  ///
  /// - Throws: The codes of the format; `file.*`, `io.*`.
  init(
    opening name: String, in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError)

  /// The file's name, for messages.
  var name: String { get }

  /// The names of the tensors, in the order of the file.
  var keys: [TreeKey] { get }

  /// Returns the entry of a tensor for the tree, or `nil` if the file has none of that name.
  func entry(at key: TreeKey) throws(CoppiceError) -> Tree<ArrayLeaf>.Entry?

  /// The file's metadata, or `nil` if it has none.
  var metadata: [JSON.Member]? { get }

  /// The warnings of opening the file.
  var warnings: [CoppiceError] { get }

  /// Whether the file has digests of all its data, which are checked on reading.
  var hasDigests: Bool { get }
}

/// The name of a format of sets, and the codes of the faults of sets.
package struct SetCodes: Sendable {
  package var format: String
  /// The index is malformed.
  package var index: CoppiceError.Code
  /// A directory has several indexes, and none is the usual one.
  package var severalIndexes: CoppiceError.Code
  /// The index names a tensor twice.
  package var duplicateName: CoppiceError.Code
  /// The set has more tensors than are read.
  package var limit: CoppiceError.Code
  /// The index assigns a tensor to a file that doesn't hold it.
  package var missingTensor: CoppiceError.Code
  /// A file holds tensors that the index doesn't name, or assigns to another file.
  package var unmappedTensor: CoppiceError.Code
  /// A file beside the index doesn't belong to the set.
  package var unlistedFile: CoppiceError.Code
  /// The files disagree on a metadata value.
  package var metadataDiffers: CoppiceError.Code

  package init(
    format: String, index: CoppiceError.Code, severalIndexes: CoppiceError.Code,
    duplicateName: CoppiceError.Code, limit: CoppiceError.Code, missingTensor: CoppiceError.Code,
    unmappedTensor: CoppiceError.Code, unlistedFile: CoppiceError.Code,
    metadataDiffers: CoppiceError.Code
  ) {
    self.format = format
    self.index = index
    self.severalIndexes = severalIndexes
    self.duplicateName = duplicateName
    self.limit = limit
    self.missingTensor = missingTensor
    self.unmappedTensor = unmappedTensor
    self.unlistedFile = unlistedFile
    self.metadataDiffers = metadataDiffers
  }
}
