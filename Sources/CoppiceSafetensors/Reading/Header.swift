import CoppiceFiles
import CoppiceModel

/// The header at the beginning of a file: names, types, shapes and ranges of its tensors.
struct Header: Sendable {
  /// One tensor as the header describes it.
  struct Tensor: Sendable {
    var name: String
    /// The type of the elements; `nil` for one that the format doesn't define.
    var type: TensorType?
    /// The reason why no array can represent the tensor: its type.
    var fault: CoppiceError?
    var shape: Shape
    /// The range of the bytes, counted from the end of the header.
    var range: Range<Int>
  }

  /// One pair of the free-form metadata.
  struct Metadata: Sendable {
    var name: String
    var value: String
  }

  /// The tensors in the header's order.
  var tensors: [Tensor]

  /// The pairs of `__metadata__` in order, or `nil` if the header has no such member.
  var metadata: [Metadata]?

  /// The offset of the first byte after the header.
  var byteCount: Int

  /// The size of the header's length, which comes before the header.
  static let lengthBytes = 8

  /// The most bytes that the format allows for a header, without the length before it.
  static let maximumBytes = 100_000_000

  /// The member of the header that holds the metadata instead of a tensor.
  static let metadataName = "__metadata__"
}

extension Header {
  /// Returns the leaf of a tensor; it has a fault if no array can represent the tensor, or its bytes aren't all there.
  func leaf(of tensor: Tensor, in file: any ByteSource, name: String) -> ArrayLeaf {
    if let fault = tensor.fault { return ArrayLeaf(LeafFault(.unsupported, fault)) }
    // An empty tensor lacks nothing, wherever the file ends.
    let isThere = tensor.range.upperBound <= file.byteCount - byteCount
    if isThere || tensor.range.isEmpty,
      let bytes = ByteSlice(
        of: file, at: isThere ? byteCount + tensor.range.lowerBound : 0,
        count: tensor.range.count),
      let dtype = tensor.type?.dtype
    {
      let source: (any ArraySource)? =
        tensor.type == .f4
        ? UnpackedFloat4Source(shape: tensor.shape, packed: bytes)
        : ContiguousArraySource(dtype: dtype, shape: tensor.shape, bytes: bytes)
      if let source { return ArrayLeaf(source) }
    }
    let error = CoppiceError(
      .safetensorsTruncatedData, "the tensor's bytes are not all there; copy the file again",
      at: .init(file: name, treePath: TreePath(tensorName: tensor.name).description))
    return ArrayLeaf(
      LeafFault(.damaged, error),
      metadata: tensor.type?.dtype.map { ArrayMetadata(dtype: $0, shape: tensor.shape) })
  }
}

extension TreePath {
  /// Makes the path of a tensor, whose whole name is one key.
  init(tensorName: String) { self.init([.key(.string(tensorName))]) }
}
