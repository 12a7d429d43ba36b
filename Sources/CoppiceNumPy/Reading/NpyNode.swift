import CoppiceFiles
import CoppiceModel

/// The node of an array file in a tree: an array, or a value of texts.
struct NpyNode {
  var node: Tree<ArrayLeaf>

  /// The warning about an assumption on the array.
  var warning: CoppiceError?

  /// Reads the header, and the elements if they are texts.
  ///
  /// - Throws: `npy.*`, `zip.*`, `compression.*`, `io.*`.
  init(_ content: NpyContent, limits: ReadLimits) throws(CoppiceError) {
    let header = try NpyHeader(readingFrom: content.uncheckedBytes(), limits: limits)
    try self.init(content, header)
  }

  /// Makes the node of an array with a header that was read before.
  ///
  /// - Throws: `npy.*`, `zip.*`, `compression.*`, `io.*`.
  init(_ content: NpyContent, _ header: NpyHeader) throws(CoppiceError) {
    try header.checkSize(of: content.byteCount)
    switch header.element {
    case .number(let dtype, let isSwapped):
      node = try Self.array(dtype, header, content, isSwapped: isSwapped)
    case .assumed(let dtype):
      node = try Self.array(dtype, header, content, isSwapped: false)
      warning = CoppiceError(
        .npyAssumedDType,
        "NumPy doesn't name the type of the elements; from their width they are read as \(dtype)")
    case .characters, .bytes:
      node = .value(.stringArray(try NpyTexts.read(content, header)))
    }
  }

  private static func array(
    _ dtype: DType, _ header: NpyHeader, _ content: NpyContent, isSwapped: Bool
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    guard let source = ordered(dtype, header, content) else {
      throw CoppiceError(.npyTruncated, "the elements are not all there; copy the file again")
    }
    return .leaf(ArrayLeaf(isSwapped ? ByteSwappedSource(source) : source))
  }

  /// Returns the elements in C order, with their bytes in the file's order.
  private static func ordered(
    _ dtype: DType, _ header: NpyHeader, _ content: NpyContent
  ) -> (any ArraySource)? {
    if header.isCOrder, case .member(let member) = content {
      return MemberArraySource(
        member, dtype: dtype, shape: header.shape, headerByteCount: header.byteCount)
    }
    let data = ByteSlice(
      of: content.bytes(), at: header.byteCount, count: header.dataByteCount)
    guard let data else { return nil }
    if header.isCOrder {
      return ContiguousArraySource(dtype: dtype, shape: header.shape, bytes: data)
    }
    return StridedArraySource(fortranOrder: data, dtype: dtype, shape: header.shape)
  }
}
