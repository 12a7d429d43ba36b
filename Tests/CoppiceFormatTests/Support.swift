import CoppiceFormat
import CoppiceModel
import CoppiceTestSupport
import Testing

/// A change of an example, and the code with which a reader refuses it.
struct Fault: Sendable, CustomTestStringConvertible {
  let code: String
  let old: String
  let new: String
  let example: String

  init(_ code: String, _ old: String, _ new: String, in example: String = "") {
    self.code = code
    self.old = old
    self.new = new
    self.example = example
  }

  var testDescription: String { "\(code): \(old.prefix(60)) becomes \(new.prefix(60))" }
}

/// Returns an example with one text replaced, which must occur exactly once.
func changed(_ example: String, _ old: String, _ new: String) throws -> String {
  let text = String(decoding: try Specification.bytes(ofExample: example), as: UTF8.self)
  let parts = text.utf8.split(
    separator: Array(old.utf8), omittingEmptySubsequences: false)
  try #require(parts.count == 2, "\(old) is \(parts.count - 1) times in \(example)")
  return parts.map { String(decoding: Array($0), as: UTF8.self) }.joined(separator: new)
}

/// A document with its own digest made right.
func sealed(_ text: String) throws -> [UInt8] {
  var bytes = Array(text.utf8)
  let name = Array("\"digest\":\"".utf8)
  let places = bytes.indices.filter { bytes[$0...].starts(with: name) }
  // The document's own digest is followed by its format, digests of files by a size.
  let own = places.filter {
    let after = $0 + name.count + 16
    return bytes[after...].starts(with: "\",\"format\"".utf8)
  }
  let start = try #require(own.first) + name.count
  for index in start..<(start + 16) { bytes[index] = 0x30 }
  let digest = Digest(of: bytes).description
  bytes.replaceSubrange(start..<(start + 16), with: digest.utf8)
  return bytes
}
