import CoppiceJSON

extension CanonicalJSONWriter {
  /// The largest number that every reader of JSON keeps exact; larger ones are written as text.
  private static var largest: UInt64 { 1 << 53 - 1 }

  mutating func unsigned(_ number: UInt64) {
    if number <= Self.largest { integer(Int(number)) } else { string(String(number)) }
  }

  mutating func signed(_ number: Int) {
    if number.magnitude <= Self.largest { integer(number) } else { string(String(number)) }
  }

  mutating func unsigneds(_ numbers: [UInt64]) {
    array(numbers) { $0.unsigned($1) }
  }

  /// Writes bytes as text if they are UTF-8, otherwise as `{"hex": …}`.
  mutating func text(_ bytes: [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self) {
      string(text)
    } else {
      object { writer in
        writer.name("hex")
        writer.hex(bytes)
      }
    }
  }

  /// Writes bytes as hexadecimal digits.
  mutating func hex(_ bytes: [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    string(String(decoding: text, as: UTF8.self))
  }

  mutating func object(_ members: (inout CanonicalJSONWriter) -> Void) {
    beginObject()
    members(&self)
    endObject()
  }

  mutating func array<Element>(
    _ elements: [Element], _ write: (inout CanonicalJSONWriter, Element) -> Void
  ) {
    beginArray()
    for element in elements { write(&self, element) }
    endArray()
  }
}
