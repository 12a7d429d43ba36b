import CoppiceModel
import FileAccess

/// What stands at the beginning of a file: names, types, shapes and places of its tensors.
struct Header: Sendable {
  /// One tensor as the header describes it.
  struct Tensor: Sendable {
    var name: String
    var type: TensorType
    var shape: Shape
    /// The place of the bytes, counted from the end of the header.
    var range: Range<Int>
  }

  /// One pair of the free-form metadata.
  struct Metadata: Sendable {
    var name: String
    var value: String
  }

  /// The tensors in the order in which the header names them.
  var tensors: [Tensor]

  /// The pairs of `__metadata__` in their order, or `nil` where the header has no such member.
  var metadata: [Metadata]?

  /// The offset of the first byte after the header.
  var byteCount: Int

  /// The bytes before the header that hold its length.
  static let lengthBytes = 8

  /// The most bytes that the format allows for a header, without the length before it.
  static let maximumBytes = 100_000_000

  /// The name that stands for the metadata among those of the tensors.
  static let metadataName = "__metadata__"
}

extension Header {
  /// The array that a tensor is.
  ///
  /// - Throws: `safetensors.truncated-data` when the file has fewer bytes than the header says.
  func source(
    of tensor: Tensor, in file: any ByteSource, name: String
  ) throws(CoppiceError) -> any ArraySource {
    let bytes = ByteSlice(
      of: file, at: byteCount + tensor.range.lowerBound, count: tensor.range.count)
    if let bytes, let dtype = tensor.type.dtype {
      let source: (any ArraySource)? =
        tensor.type == .f4
        ? UnpackedFloat4Source(shape: tensor.shape, packed: bytes)
        : ContiguousArraySource(dtype: dtype, shape: tensor.shape, bytes: bytes)
      if let source { return source }
    }
    throw CoppiceError(
      .safetensorsTruncatedData, "the tensor's bytes are not all there",
      at: .init(file: name, treePath: TreePath(tensorName: tensor.name).description))
  }
}

extension TreePath {
  /// The path of a tensor: its whole name is one key.
  init(tensorName: String) { self.init([.key(.string(tensorName))]) }
}
