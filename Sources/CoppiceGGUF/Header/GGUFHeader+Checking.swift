import CoppiceModel

extension GGUFHeader.Tensor {
  /// Makes a tensor of the members of its description.
  ///
  /// - Throws: `gguf.shape`, `gguf.truncated-data`.
  init(
    _ name: String, _ shape: Shape, type number: UInt32, offset: UInt64, file: String
  ) throws(CoppiceError) {
    self.name = name
    self.shape = shape
    type = GGUFTensorType.all[number]
    // No file reaches so far.
    guard let offset = Int(exactly: offset) else {
      throw GGUFHeader.error(
        .ggufTruncatedData,
        "the tensor begins at byte \(offset) of the data; the header is damaged",
        tensor: name, file: file)
    }
    self.offset = offset
    guard let type else {
      byteCount = 0
      fault = GGUFHeader.error(
        .ggufUnknownType,
        "elements of the type \(number), which is not known, can't be an array; the header is damaged, or of a "
          + "newer format",
        tensor: name, file: file)
      return
    }
    guard let size = type.storedShape(of: shape)?.byteCount(of: type.storedDType) else {
      let row = shape.dimensions.last ?? 1
      throw GGUFHeader.error(
        .ggufShape,
        row % type.elementCount == 0
          ? "the size of \(type.name) \(shape) overflows 64 bits; the header is damaged"
          : "a row has \(row) elements, which aren't whole blocks of \(type.elementCount) as \(type.name) has "
            + "them; the header is damaged",
        tensor: name, file: file)
    }
    byteCount = size
  }
}

extension GGUFHeader {
  /// Checks that each tensor has bytes of its own in the data.
  ///
  /// Bytes between tensors are padding.
  ///
  /// - Throws: `gguf.offset`, `gguf.overlap`, `gguf.truncated-data`.
  func checkPlaces(dataByteCount: Int, file: String) throws(CoppiceError) {
    var end = 0
    for tensor in tensors.sorted(by: { $0.offset < $1.offset }) {
      guard tensor.offset % alignment == 0 else {
        throw Self.error(
          .ggufOffset,
          "the tensor begins at byte \(tensor.offset) of the data, which is no multiple of \(alignment); the "
            + "header is damaged",
          tensor: tensor.name, file: file)
      }
      guard tensor.offset <= dataByteCount, tensor.byteCount <= dataByteCount - tensor.offset else {
        throw Self.error(
          .ggufTruncatedData,
          "the tensor has \(tensor.byteCount) bytes from byte \(tensor.offset) of the data on, but there are only "
            + "\(dataByteCount); the file is incomplete, so copy it again",
          tensor: tensor.name, file: file)
      }
      guard tensor.byteCount > 0 else { continue }
      guard tensor.offset >= end else {
        throw Self.error(
          .ggufOverlap,
          "the tensor begins at byte \(tensor.offset) of the data, but another ends at \(end); they share bytes, "
            + "so the header is damaged",
          tensor: tensor.name, file: file)
      }
      end = tensor.offset + tensor.byteCount
    }
  }
}
