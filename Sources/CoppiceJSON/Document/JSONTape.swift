internal import CCoppiceSimdjson
internal import CoppiceModel

/// A parsed document in memory: the source, with an entry for each value and name in document
/// order.
///
/// The children of a container follow its entry; a name's value follows the name. Only this module
/// makes indices, never from input, so they aren't checked again.
@safe final class JSONTape: @unchecked Sendable {
  // Unchecked: nothing changes it between the initialiser and `deinit`.
  private let document: csimdjson_document
  private let entries: UnsafePointer<csimdjson_entry>
  private let source: UnsafePointer<UInt8>

  /// The file that errors name.
  let file: String?

  /// The dialect that the document was read in.
  let dialect: JSONDialect

  /// The greatest depth that any limit allows: values are walked recursively.
  static let maximumDepth = 1024

  init(
    parsing bytes: RawSpan, file: String?, dialect: JSONDialect, limits: ReadLimits
  ) throws(CoppiceError) {
    guard bytes.byteCount <= limits.documentBytes else {
      throw CoppiceError(
        .jsonSize,
        "the document has \(bytes.byteCount) bytes; the limit is \(limits.documentBytes)",
        at: .init(file: file, pointer: "", offset: 0))
    }
    let depth = max(0, min(limits.depth, Self.maximumDepth))
    var document = unsafe csimdjson_document()
    var fault = unsafe csimdjson_fault()
    _ = unsafe bytes.withUnsafeBytes { buffer in
      unsafe csimdjson_parse(
        buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count, dialect.code, depth,
        &document, &fault)
    }
    guard let entries = unsafe document.entries, let source = unsafe document.source else {
      defer { unsafe csimdjson_free_fault(&fault) }
      throw unsafe Self.error(for: fault, in: file, byteCount: bytes.byteCount, depth: depth)
    }
    unsafe self.document = document
    unsafe self.entries = UnsafePointer(entries)
    unsafe self.source = UnsafePointer(source)
    self.file = file
    self.dialect = dialect
  }

  deinit {
    var document = unsafe document
    unsafe csimdjson_free_document(&document)
  }

  /// The length of the source.
  var byteCount: Int { unsafe document.byte_count }

  /// Returns the entry at an index.
  @inline(__always)
  func entry(_ index: Int) -> csimdjson_entry { unsafe entries[index] }

  /// Returns the index after a value and all its descendants.
  @inline(__always)
  func indexAfter(_ index: Int) -> Int {
    let entry = entry(index)
    return entry.isContainer ? Int(entry.link) : index + 1
  }

  /// Returns the byte of the source at an offset.
  func byte(at offset: Int) -> UInt8 { unsafe source[offset] }

  /// Passes the whole source to a closure.
  func withSource<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe Span(_unsafeStart: source, count: byteCount))
  }

  /// Passes the text of a string, unescaped, or of a number, to a closure.
  @inline(__always)
  func withText<Result, Failure: Error>(
    of entry: csimdjson_entry, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let isEscaped = entry.flags & UInt8(csimdjson_flag_escaped.rawValue) != 0
    let start: UnsafePointer<UInt8>
    if isEscaped, let pool = unsafe document.pool {
      unsafe start = UnsafePointer(pool) + Int(entry.link)
    } else {
      let quote = entry.isKind(csimdjson_kind_string) ? 1 : 0
      unsafe start = source + (Int(entry.offset) + quote)
    }
    return try body(unsafe Span(_unsafeStart: start, count: Int(entry.length)))
  }

  /// Returns the text of a string, unescaped, or of a number.
  func text(of entry: csimdjson_entry) -> String {
    // The parser has checked the encoding.
    withText(of: entry) { unsafe String(copying: UTF8Span(unchecked: $0)) }
  }
}

extension csimdjson_entry {
  @inline(__always)
  var isContainer: Bool { kind >= UInt8(csimdjson_kind_array.rawValue) }

  @inline(__always)
  func isKind(_ other: csimdjson_kind) -> Bool { kind == UInt8(other.rawValue) }

  @inline(__always)
  var isInteger: Bool { flags & UInt8(csimdjson_flag_integer.rawValue) != 0 }
}
