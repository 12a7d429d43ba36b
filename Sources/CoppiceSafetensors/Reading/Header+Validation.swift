import CoppiceModel

extension Header {
  /// Checks each tensor's size, and that they are next to each other from the end of the header on.
  ///
  /// - Returns: The number of bytes that the tensors have together.
  func endOfTensors(file: String) throws(CoppiceError) -> Int {
    for tensor in tensors { try tensor.checkSize(file: file) }
    // Sort by the order of the data, which may differ from that of the header; empty tensors first.
    let ordered = tensors.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for tensor in ordered {
      let start = tensor.range.lowerBound
      guard start <= end else {
        throw tensor.error(
          .safetensorsHole,
          "the tensor begins at byte \(start) of the data, but the one before ends at \(end); the "
            + "bytes between belong to none, so the header is damaged",
          file: file)
      }
      guard start == end else {
        throw tensor.error(
          .safetensorsOverlap,
          "the tensor begins at byte \(start) of the data, but the one before ends at \(end); they "
            + "share bytes, so the header is damaged",
          file: file)
      }
      end = tensor.range.upperBound
    }
    return end
  }

  /// Checks that the tensors have all bytes after the header.
  func check(_ end: Int, dataByteCount: Int, file: String) throws(CoppiceError) {
    guard end <= dataByteCount else {
      throw CoppiceError(
        .safetensorsTruncatedData,
        "the tensors have \(end) bytes, but only \(dataByteCount) follow the header; "
          + "the file is incomplete, so copy it again",
        at: .init(file: file, offset: byteCount + dataByteCount))
    }
    guard end == dataByteCount else {
      throw CoppiceError(
        .safetensorsTrailingData,
        "\(dataByteCount - end) bytes follow the last tensor and belong to none; the file is damaged, "
          + "or something was appended to it",
        at: .init(file: file, offset: byteCount + end))
    }
  }
}

extension Header.Tensor {
  /// Checks that the range has exactly the bytes of type and shape.
  ///
  /// Elements of an unknown type may have any width that is the same for all.
  fileprivate func checkSize(file: String) throws(CoppiceError) {
    guard let type else {
      let (bits, overflow) = range.count.multipliedReportingOverflow(by: 8)
      let count = shape.elementCount
      guard !overflow, count > 0 ? bits > 0 && bits % count == 0 : bits == 0 else {
        throw error(
          .safetensorsSizeMismatch,
          "data_offsets give \(range.count) bytes, which aren't a whole number of bits for each element of "
            + "\(shape); the header is damaged",
          file: file)
      }
      return
    }
    let (bits, overflow) = shape.elementCount.multipliedReportingOverflow(by: type.bitWidth)
    guard !overflow else {
      throw error(
        .safetensorsShapeOverflow,
        "the size of \(type.rawValue) \(shape) overflows 64 bits; the "
          + "header is damaged",
        file: file)
    }
    guard bits % 8 == 0 else {
      throw error(
        .safetensorsSizeMismatch,
        "\(type.rawValue) \(shape) has an odd number of elements and doesn't end with a byte",
        file: file)
    }
    guard bits / 8 == range.count else {
      throw error(
        .safetensorsSizeMismatch,
        "\(type.rawValue) \(shape) takes \(bits / 8) bytes, but data_offsets give \(range.count); the "
          + "header is damaged",
        file: file)
    }
  }

  fileprivate func error(
    _ code: CoppiceError.Code, _ message: String, file: String
  ) -> CoppiceError {
    CoppiceError(
      code, message, at: .init(file: file, treePath: TreePath(tensorName: name).description))
  }
}
