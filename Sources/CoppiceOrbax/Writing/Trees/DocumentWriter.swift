import CoppiceJSON
import CoppiceModel

/// A writer of a JSON document whose members have an order of their own.
struct DocumentWriter {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// Writes an object, whose members the body writes.
  mutating func object(_ body: (inout DocumentWriter) throws(CoppiceError) -> Void)
    throws(CoppiceError)
  {
    begin(0x7B)
    try body(&self)
    end(0x7D)
  }

  /// Writes an array, whose elements the body writes.
  mutating func array(_ body: (inout DocumentWriter) throws(CoppiceError) -> Void)
    throws(CoppiceError)
  {
    begin(0x5B)
    try body(&self)
    end(0x5D)
  }

  /// Begins a member; its value must follow.
  mutating func name(_ name: String) {
    comma()
    CanonicalJSON.append(quoted: name, to: &bytes)
    bytes.append(0x3A)
    needsComma = false
  }

  mutating func string(_ text: String) {
    comma()
    CanonicalJSON.append(quoted: text, to: &bytes)
  }

  mutating func integer(_ number: Int) { raw(String(number)) }
  mutating func bool(_ flag: Bool) { raw(flag ? "true" : "false") }
  mutating func null() { raw("null") }

  /// Writes a value, with its members sorted.
  mutating func value(_ json: JSON) throws(CoppiceError) {
    comma()
    bytes += try CanonicalJSON.encode(json, dialect: .python).dropLast()
  }

  private mutating func raw(_ text: String) {
    comma()
    bytes += text.utf8
  }

  private mutating func comma() {
    if needsComma { bytes.append(0x2C) }
    needsComma = true
  }

  private mutating func begin(_ byte: UInt8) {
    comma()
    bytes.append(byte)
    needsComma = false
  }

  private mutating func end(_ byte: UInt8) {
    bytes.append(byte)
    needsComma = true
  }
}
