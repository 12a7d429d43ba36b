import CoppiceCompression
import CoppiceModel

/// An encoder of the fields of a manifest or node, front to back, in the envelope that both share.
struct RecordEncoder {
  private var bytes: [UInt8] = []

  /// Begins a record; `finish` fills in the length.
  init(_ kind: OCDBTRecord.Kind) {
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: kind.rawValue >> shift)) }
    bytes += Array(repeating: 0, count: 8)
    varint(0)
    // Uncompressed.
    varint(0)
  }

  mutating func byte(_ byte: UInt8) { bytes.append(byte) }

  mutating func raw(_ raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }

  /// Writes a number in LEB128.
  mutating func varint(_ number: Int) {
    var rest = UInt64(clamping: number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func column(_ numbers: some Sequence<Int>) { for number in numbers { varint(number) } }

  mutating func littleEndian64(_ number: Int) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// Writes the table of the files that the record refers to.
  mutating func files(_ paths: [[UInt8]]) {
    varint(paths.count)
    column(paths.dropFirst().map { _ in 0 })
    column(paths.map(\.count))
    // No path is a base for the nodes below.
    column(paths.map { _ in 0 })
    for path in paths { raw(path) }
  }

  /// Ends the record by writing its length and its checksum.
  consuming func finish() -> [UInt8] {
    let length = UInt64(bytes.count + 4)
    for place in 0..<8 { bytes[4 + place] = UInt8(truncatingIfNeeded: length >> UInt64(8 * place)) }
    let sum = CRC32C.extend(0, unsafe bytes.span.bytes)
    for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: sum >> shift)) }
    return bytes
  }
}
