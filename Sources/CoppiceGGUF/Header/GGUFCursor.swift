import CoppiceModel

/// A place in a header that is being read from first to last byte.
///
/// Nothing in the header says where it ends. It is read in pieces, and every length in it is compared
/// with the rest of the file before memory is taken.
struct GGUFCursor {
  /// The name of the file, for messages.
  let name: String

  /// Whether integers have their most significant byte first.
  var isBigEndian = false

  /// The words for what is being read, for messages.
  var subject = "the header"

  /// The offset of the next byte in the file.
  private(set) var offset = 0

  private let file: any ByteSource

  /// The most bytes that the header may have.
  private let limit: Int

  private var buffer: [UInt8] = []
  private var bufferOffset = 0

  private static let pieceBytes = 64 << 10

  /// Makes a cursor at the first byte of a file.
  init(_ file: any ByteSource, name: String, limits: ReadLimits) {
    self.file = file
    self.name = name
    limit = limits.documentBytes
  }

  /// The number of bytes from here to the end of the file.
  var rest: Int { file.byteCount - offset }

  /// Returns an error at the current place.
  func error(_ code: CoppiceError.Code, _ message: String) -> CoppiceError {
    CoppiceError(code, message, at: .init(file: name, offset: offset))
  }

  /// Reads bytes.
  ///
  /// - Throws: `gguf.truncated-header`, `gguf.limit`, `io.*`.
  mutating func bytes(_ count: UInt64) throws(CoppiceError) -> ArraySlice<UInt8> {
    guard let count = Int(exactly: count), count <= rest else {
      throw error(
        .ggufTruncatedHeader,
        "\(count) bytes of \(subject) should follow, but only \(rest) are left; the file is cut off or damaged"
      )
    }
    guard count <= limit - offset else {
      throw error(.ggufLimit, "the header has more than \(limit) bytes; no more are read")
    }
    if offset + count > bufferOffset + buffer.count { try fill(count) }
    let start = offset - bufferOffset
    offset += count
    return buffer[start..<(start + count)]
  }

  private mutating func fill(_ count: Int) throws(CoppiceError) {
    let wanted = min(max(count, Self.pieceBytes), rest)
    var bytes = [UInt8](repeating: 0, count: wanted)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try file.read(at: offset, into: &target)
    (buffer, bufferOffset) = (bytes, offset)
  }

  /// Reads an integer in the file's byte order.
  ///
  /// - Throws: As `bytes(_:)`.
  mutating func integer<Number: FixedWidthInteger>(
    _: Number.Type = Number.self
  ) throws(CoppiceError) -> Number {
    let bytes = try self.bytes(UInt64(Number.bitWidth / 8))
    var number: Number = 0
    for (place, byte) in bytes.enumerated() {
      let shift = isBigEndian ? bytes.count - 1 - place : place
      number |= Number(truncatingIfNeeded: byte) << (8 * shift)
    }
    return number
  }

  /// Reads a text with its length before it.
  ///
  /// - Throws: `gguf.encoding`; as `bytes(_:)`.
  mutating func text(ofAtMost limit: Int = .max) throws(CoppiceError) -> String {
    let count: UInt64 = try integer()
    guard count <= limit || count > rest else {
      throw error(.ggufLimit, "\(subject) has \(count) bytes; at most \(limit) are read")
    }
    let start = offset
    let bytes = try self.bytes(count)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CoppiceError(
        .ggufEncoding,
        "\(subject) is not UTF-8: \"\(String(printing: bytes))\"; the file is damaged, or its writer was faulty",
        at: .init(file: name, offset: start))
    }
    return text
  }

  /// Reads a count of things.
  ///
  /// - Parameters:
  ///   - things: The words for them, for messages.
  ///   - size: The fewest bytes that each takes.
  ///   - limit: The most that are read.
  /// - Throws: `gguf.truncated-header`, `gguf.limit`, `io.*`.
  mutating func count(
    of things: String, ofAtLeast size: Int, limit: Int
  ) throws(CoppiceError) -> Int {
    let count: UInt64 = try integer()
    guard count <= rest / size else {
      throw error(
        .ggufTruncatedHeader,
        "\(count) \(things) should follow, but only \(rest) bytes are left; the file is cut off or damaged"
      )
    }
    guard count <= limit else {
      throw error(.ggufLimit, "the file has \(count) \(things); at most \(limit) are read")
    }
    return Int(count)
  }
}
