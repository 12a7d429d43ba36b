import CoppiceJSON
import CoppiceModel

extension Header {
  /// Reads and checks the header of a file, without the tensors' bytes.
  ///
  /// - Parameters:
  ///   - file: The bytes of the whole file.
  ///   - name: The file's name, for messages.
  ///   - salvages: Whether the file may lack the bytes of some tensors.
  /// - Throws: `safetensors.*`; `io.*` when the file can't be read.
  init(
    readingFrom file: any ByteSource, name: String, limits: ReadLimits, salvages: Bool = false
  ) throws(CoppiceError) {
    let text = try Self.text(of: file, name: name, limits: limits)
    byteCount = Self.lengthBytes + text.count
    tensors = []
    do throws(CoppiceError) {
      let document = try JSONDocument(parsing: text, file: name, limits: limits)
      try read(document.root, limits: limits)
    } catch {
      throw Self.blamed(error)
    }
    let end = try endOfTensors(file: name)
    if !salvages || end < file.byteCount - byteCount {
      try check(end, dataByteCount: file.byteCount - byteCount, file: name)
    }
  }

  /// Reads the bytes of the header itself, if their number is plausible.
  private static func text(
    of file: any ByteSource, name: String, limits: ReadLimits
  ) throws(CoppiceError) -> [UInt8] {
    guard file.byteCount >= lengthBytes else {
      throw CoppiceError(
        .safetensorsTruncatedHeader,
        "the file has \(file.byteCount) bytes; a safetensors file begins with a length of "
          + "\(lengthBytes) bytes, so this one is cut off or of another format",
        at: .init(file: name))
    }
    let length = littleEndian(try bytes(of: file, at: 0, count: lengthBytes))
    let limit = min(maximumBytes, limits.documentBytes)
    guard length <= limit else {
      throw CoppiceError(
        .safetensorsHeaderTooLarge,
        "the header's length is given as \(length) bytes, but at most \(limit) are allowed; "
          + "the file is damaged, or no safetensors file",
        at: .init(file: name, offset: 0))
    }
    guard length <= file.byteCount - lengthBytes else {
      throw CoppiceError(
        .safetensorsTruncatedHeader,
        "the header has \(length) bytes, but only \(file.byteCount - lengthBytes) follow its "
          + "length; the file is incomplete",
        at: .init(file: name, offset: 0))
    }
    let text = try bytes(of: file, at: lengthBytes, count: Int(length))
    guard text.first == UInt8(ascii: "{") else {
      throw CoppiceError(
        .safetensorsHeaderStart, "the header doesn't begin with {; this is no safetensors file",
        at: .init(file: name, offset: lengthBytes))
    }
    return text
  }

  static func bytes(
    of file: any ByteSource, at offset: Int, count: Int
  ) throws(CoppiceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try file.read(at: offset, into: &target)
    return bytes
  }

  static func littleEndian(_ bytes: some BidirectionalCollection<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Converts an error of the JSON reader to this format's codes, with offsets in the file.
  static func blamed(_ error: CoppiceError) -> CoppiceError {
    var error = error
    if let offset = error.location.offset { error.location.offset = offset + lengthBytes }
    switch error.code {
    case .jsonDuplicateName:
      error.code = .safetensorsDuplicateName
      error.message += "; nothing says which one to read, so write the file again"
    case .jsonEncoding:
      error.code = .safetensorsHeaderEncoding
      error.message = "the header is not UTF-8: \(error.message); the file is damaged"
    case .jsonSyntax, .jsonDepth, .jsonSize:
      error.code = .safetensorsHeaderJSON
      error.message = "the header's JSON can't be read: \(error.message); the file is damaged"
    case .jsonType, .jsonMissingMember, .jsonNumberRange: error.code = .safetensorsTensorInfo
    default: break
    }
    return error
  }
}
