import CoppiceModel

/// The type of an array whose elements are texts or byte strings.
enum ZarrText: Hashable, Sendable {
  /// Byte strings of a fixed size, padded with zeros.
  case bytes(Int)
  /// Texts of a fixed number of characters, four bytes each, padded with zeros.
  case characters(Int)
  /// Texts of any length.
  case variableText
  /// Byte strings of any length.
  case variableBytes

  /// The most bytes of an element of a fixed size.
  static let mostBytes = 1 << 28

  /// The numbers of which an element of a fixed size is a row; `nil` for elements of any length.
  var row: (dtype: DType, count: Int)? {
    switch self {
    case .bytes(let count): (.uint8, count)
    case .characters(let count): (.uint32, count)
    case .variableText, .variableBytes: nil
    }
  }

  /// The names of the codecs that store elements of any length.
  static let codecs: [(name: String, text: ZarrText)] = [
    ("vlen-utf8", .variableText), ("vlen-bytes", .variableBytes),
  ]

  /// Returns the bytes of an element, padded to its size.
  func padded(_ content: [UInt8]) -> [UInt8]? {
    guard let row else { return content }
    let size = row.count * row.dtype.width
    guard content.count <= size else { return nil }
    return content + [UInt8](repeating: 0, count: size - content.count)
  }
}

extension DType {
  /// Returns the type of texts that a zarr 2 document names, such as `<U5` or `|S3`.
  static func zarr2Text(_ name: String) -> (text: ZarrText, isBigEndian: Bool)? {
    let bytes = Array(name.utf8)
    guard bytes.count >= 3, [0x3C, 0x3E, 0x7C].contains(bytes[0]),
      let count = Int(String(decoding: bytes[2...], as: UTF8.self)), count > 0,
      count <= ZarrText.mostBytes / 4
    else { return nil }
    switch bytes[1] {
    case UInt8(ascii: "S"): return (.bytes(count), false)
    case UInt8(ascii: "U"): return (.characters(count), bytes[0] == 0x3E)
    default: return nil
    }
  }
}
