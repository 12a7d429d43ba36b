import CoppiceFiles
import CoppiceModel

/// One opened file, with its header read and checked.
struct OpenedGGUF {
  /// The place of a file among those of a split model, as its metadata state it.
  struct Split {
    /// The number of the file, from 0 on.
    var number: Int
    var count: Int
    /// The number of tensors in all files, if stated.
    var tensorCount: Int?
  }

  let file: InputFile
  let header: GGUFHeader

  /// Reads the header.
  ///
  /// - Parameter salvages: Whether the file may lack the bytes of some tensors.
  init(_ file: InputFile, limits: ReadLimits, salvages: Bool) throws(CoppiceError) {
    self.file = file
    header = try GGUFHeader(
      readingFrom: file, name: file.name, limits: limits, salvages: salvages)
  }

  /// The beginning of the keys that describe a split.
  static let splitKeys = "split."

  /// The place among the files of a split model; `nil` for a file that states none.
  var split: Split? {
    guard let number = header.count("split.no"), let count = header.count("split.count") else {
      return nil
    }
    return Split(number: number, count: count, tensorCount: header.count("split.tensors.count"))
  }

  /// Returns the leaf of a tensor; it has a fault if no array can represent the tensor, or its bytes aren't all there.
  func leaf(of tensor: GGUFHeader.Tensor, dequantizes: Bool) -> ArrayLeaf {
    if let fault = tensor.fault { return ArrayLeaf(LeafFault(.unsupported, fault)) }
    if let source = source(of: tensor, dequantizes: dequantizes) { return ArrayLeaf(source) }
    let error = GGUFHeader.error(
      .ggufTruncatedData, "the tensor's bytes are not all there; copy the file again",
      tensor: tensor.name, file: file.name)
    let metadata = tensor.type.flatMap { type in
      type.storedShape(of: tensor.shape).map {
        ArrayMetadata(dtype: type.storedDType, shape: $0)
      }
    }
    return ArrayLeaf(LeafFault(.damaged, error), metadata: metadata)
  }

  private func source(
    of tensor: GGUFHeader.Tensor, dequantizes: Bool
  ) -> (any ArraySource)? {
    // An empty tensor lacks nothing, wherever the file ends.
    let isThere = tensor.byteCount > 0 || tensor.offset <= file.byteCount - header.dataOffset
    guard let type = tensor.type, let shape = type.storedShape(of: tensor.shape),
      let bytes = ByteSlice(
        of: file, at: isThere ? header.dataOffset + tensor.offset : 0, count: tensor.byteCount)
    else { return nil }
    if dequantizes, let decoder = type.decoder(isBigEndian: header.isBigEndian) {
      return DequantizedSource(
        shape: tensor.shape, blocks: bytes, decoder: decoder, isBigEndian: header.isBigEndian)
    }
    let source = ContiguousArraySource(dtype: type.storedDType, shape: shape, bytes: bytes)
    return header.isBigEndian ? source.map { ByteSwappedSource($0) } : source
  }
}
