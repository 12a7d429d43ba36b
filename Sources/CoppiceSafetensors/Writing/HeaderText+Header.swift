import CoppiceModel

extension HeaderText {
  /// Returns the bytes of a file before its data: the length, the header, and padding spaces.
  ///
  /// - Parameter tensors: The tensors in the order of their data, which begins right after the
  ///   header.
  /// - Throws: `safetensors.header-too-large`, `safetensors.shape-overflow`.
  static func header(
    of tensors: [OutputTensor], metadata: [Header.Metadata]?
  ) throws(CoppiceError) -> [UInt8] {
    var text = HeaderText()
    text.append("{")
    if let metadata {
      text.appendQuoted(Header.metadataName)
      text.append(":{")
      text.appendList(metadata) { text, pair in
        text.appendQuoted(pair.name)
        text.append(":")
        text.appendQuoted(pair.value)
      }
      text.append(tensors.isEmpty ? "}" : "},")
    }
    var offset = 0
    var overflow = false
    text.appendList(tensors) { text, tensor in
      let begin = offset
      let sum = begin.addingReportingOverflow(tensor.byteCount)
      offset = sum.partialValue
      overflow = overflow || sum.overflow
      text.append(tensor, from: begin, to: offset)
    }
    text.append("}")
    text.pad(toMultipleOf: Header.lengthBytes)
    guard !overflow else {
      throw CoppiceError(
        .safetensorsShapeOverflow, "the arrays together have more bytes than 64 bits can count")
    }
    guard text.bytes.count <= Header.maximumBytes else {
      throw CoppiceError(
        .safetensorsHeaderTooLarge,
        "the header would have \(text.bytes.count) bytes, and the format allows "
          + "\(Header.maximumBytes); give a maximum file size, so that several files are written")
    }
    let length = UInt64(text.bytes.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text.bytes
  }

  /// Returns the number of bytes that a tensor takes in a header, with a comma.
  static func member(of tensor: OutputTensor, from begin: Int, to end: Int) -> Int {
    var text = HeaderText()
    text.append(tensor, from: begin, to: end)
    return text.bytes.count + 1
  }

  private mutating func append(_ tensor: OutputTensor, from begin: Int, to end: Int) {
    appendQuoted(tensor.name)
    append(":{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[")
    appendList(tensor.shape.dimensions) { $0.append(String($1)) }
    append("],\"data_offsets\":[\(begin),\(end)]}")
  }

  /// Returns the text of an index, formatted as Hugging Face's libraries do.
  static func index(totalBytes: Int, tensors: [(name: String, file: String)]) -> [UInt8] {
    var text = HeaderText()
    text.append("{\n  \"metadata\": {\n    \"total_size\": \(totalBytes)\n  },\n")
    text.append("  \"weight_map\": {\n")
    text.appendList(tensors, separator: ",\n") { text, tensor in
      text.append("    ")
      text.appendQuoted(tensor.name)
      text.append(": ")
      text.appendQuoted(tensor.file)
    }
    text.append("\n  }\n}")
    return text.bytes
  }
}
