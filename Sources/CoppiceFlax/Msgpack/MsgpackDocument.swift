import CoppiceFiles
package import CoppiceModel

/// A MessagePack document: its single value, and the source of its payloads' bytes.
///
/// This module doesn't use msgpack-c, which allocates memory by the counts that a document
/// declares, has no limit of depth, and accepts invalid text, duplicate keys and trailing bytes.
package struct MsgpackDocument: Sendable {
  /// The source of the document's bytes.
  package let source: any ByteSource

  /// The file's name for messages.
  package let file: String?

  /// The document's value.
  package let root: MsgpackValue

  private let limits: ReadLimits

  /// Reads a document without its payloads.
  ///
  /// - Throws: `msgpack.*` when it is damaged or larger than the limits; `io.*`.
  package init(
    reading source: any ByteSource, file: String?, limits: ReadLimits
  ) throws(CoppiceError) {
    self.source = source
    self.file = file
    self.limits = limits
    var parser = MsgpackParser(
      MsgpackCursor(source, 0..<source.byteCount, file: file), limits: limits)
    self.root = try parser.document()
  }

  /// Reads a payload as a document.
  package func nested(_ payload: MsgpackPayload) throws(CoppiceError) -> MsgpackValue {
    let range = payload.offset..<(payload.offset + payload.count)
    var parser = MsgpackParser(MsgpackCursor(source, range, file: file), limits: limits)
    return try parser.document()
  }

  /// Returns the bytes of a payload as a slice of the source.
  package func bytes(_ payload: MsgpackPayload) throws(CoppiceError) -> ByteSlice {
    guard let slice = ByteSlice(of: source, at: payload.offset, count: payload.count) else {
      throw error(.msgpackTruncated, "the value reaches past the end of the file", payload)
    }
    return slice
  }

  /// Reads the bytes of a payload into memory.
  package func loadBytes(_ payload: MsgpackPayload) throws(CoppiceError) -> [UInt8] {
    guard payload.count <= limits.documentBytes else {
      throw error(.msgpackLimit, "a value of \(payload.count) bytes is too large", payload)
    }
    let slice = try bytes(payload)
    var loaded = [UInt8](repeating: 0, count: payload.count)
    var span = loaded.mutableSpan
    var target = unsafe span.mutableBytes
    try slice.read(at: 0, into: &target)
    return loaded
  }

  /// Returns an error about a payload.
  package func error(
    _ code: CoppiceError.Code, _ message: String, _ payload: MsgpackPayload? = nil
  ) -> CoppiceError {
    CoppiceError(code, message, at: .init(file: file, offset: payload?.offset))
  }
}
