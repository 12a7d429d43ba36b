import CoppiceCompression
import CoppiceFiles
import CoppiceModel

/// The envelope of manifests and nodes.
///
/// It consists of magic number, length, version, compression, body and checksum.
enum OCDBTRecord {
  /// The kind of a record's content.
  enum Kind: UInt32 {
    case manifest = 0x0cdb_3a2a
    case node = 0x0cdb_20de

    var name: String { self == .manifest ? "manifest" : "B+tree node" }
  }

  /// The most bytes that a manifest or node may have, coded or decoded.
  ///
  /// Orbax lets nodes grow to 100,000,000 bytes.
  static let mostBytes = 128 << 20

  /// The shortest envelope: 4 + 8 + 1 + 1 bytes before the body, 4 after it.
  private static let shortest = 18

  /// Checks an envelope and returns its decoded body.
  ///
  /// - Parameter limit: The most bytes that the body may decode to.
  static func body(
    of record: [UInt8], _ kind: Kind, limit: Int, at location: CoppiceError.Location
  ) throws(CoppiceError) -> [UInt8] {
    func malformed(_ text: String) -> CoppiceError {
      CoppiceError(
        .ocdbtMalformed, "the \(kind.name) \(text); the file is damaged", at: location)
    }
    guard record.count >= shortest else { throw malformed("has only \(record.count) bytes") }
    var cursor = OCDBTCursor(record, what: kind.name, at: location)
    guard try cursor.bigEndian32() == kind.rawValue else {
      throw malformed("doesn't begin with its magic number")
    }
    let length = try cursor.littleEndian64()
    guard length == UInt64(record.count) else {
      // Before May 2023 TensorStore wrote version and compression in place of the length.
      if record[4..<10].elementsEqual([0, 1, 0x28, 0xB5, 0x2F, 0xFD]) {
        throw CoppiceError(
          .ocdbtVersion,
          "the \(kind.name) is of TensorStore's format of early 2023, which isn't supported; load it "
            + "with the Orbax and TensorStore that wrote it, and save it without OCDBT",
          at: location)
      }
      throw malformed("says it has \(length) bytes, but has \(record.count)")
    }
    guard CRC32C.holds(record) else {
      throw CoppiceError(
        .ocdbtChecksum,
        "the \(kind.name)'s checksum is wrong; the file is damaged, so copy it again", at: location)
    }
    let version = try cursor.varint()
    guard version == 0 else {
      throw CoppiceError(
        .ocdbtVersion,
        "the \(kind.name) has version \(version), but only 0 is known; it is damaged, or was written "
          + "by a newer TensorStore",
        at: location)
    }
    let compression = try cursor.varint()
    let coded = Array(record[cursor.offset..<(record.count - 4)])
    switch compression {
    case 0: return coded
    case 1:
      do {
        return try ZstdDecompressor.decompressAll(MemoryBytes(coded), limit: limit)
      } catch {
        if error.code == .compressionSize {
          throw CoppiceError(
            .ocdbtTooLarge,
            "the \(kind.name) decodes to more than \(limit) bytes, which no writer makes; don't "
              + "trust this checkpoint",
            at: location)
        }
        throw CoppiceError(error.code, "the \(kind.name): \(error.message)", at: location)
      }
    default:
      throw CoppiceError(
        .ocdbtVersion, "the \(kind.name)'s compression \(compression) is not known", at: location)
    }
  }
}
