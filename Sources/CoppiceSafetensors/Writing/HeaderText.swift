import CoppiceModel

/// The text of headers and indexes, byte for byte as the reference libraries write it.
///
/// The canonical JSON writer sorts members by name; here they stand in the order of the data.
struct HeaderText {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends a string in quotes; only control characters, quotes and backslashes are escaped.
  mutating func appendQuoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0A: append("\\n")
      case 0x0C: append("\\f")
      case 0x0D: append("\\r")
      case ..<0x20: append(byte < 0x10 ? "\\u000" : "\\u00"); append(String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends several items with a separator between them.
  mutating func appendList<Item>(
    _ items: some Sequence<Item>, separator: String = ",", _ body: (inout HeaderText, Item) -> Void
  ) {
    var isFirst = true
    for item in items {
      if !isFirst { append(separator) }
      isFirst = false
      body(&self, item)
    }
  }

  /// Appends spaces up to a multiple of a number of bytes.
  mutating func pad(toMultipleOf unit: Int) {
    while bytes.count % unit != 0 { bytes.append(UInt8(ascii: " ")) }
  }
}
