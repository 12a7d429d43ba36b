import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import Testing

@Suite struct RoundTripTests {
  @Test func readsBackWhatItWrites() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<2000 {
      let json = random.json(depth: 4)
      let bytes = try CanonicalJSON.encode(json)
      let document = try JSONDocument(parsing: bytes)
      #expect(document.root.json == json)
      #expect(document.isCanonical)
      #expect(bytes.last == 0x0A && !bytes.dropLast().contains(0x0A))
    }
  }

  @Test func readsAnySpellingOfAValue() throws {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<2000 {
      let json = random.json(depth: 4)
      let document = try JSONDocument(parsing: Array(random.spelling(of: json).utf8))
      #expect(document.root.json == json)
      #expect(try CanonicalJSON.encode(document.root) == CanonicalJSON.encode(json))
    }
  }

  @Test func findsEachValueByItsPointer() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let root = try parse(random.spelling(of: random.json(depth: 3)))
      try check(root, of: root)
    }
  }

  private func unescape(_ token: Substring.UTF8View) -> String {
    var bytes: [UInt8] = []
    for byte in token {
      if bytes.last == UInt8(ascii: "~"), byte == UInt8(ascii: "1") {
        bytes[bytes.count - 1] = UInt8(ascii: "/")
      } else if bytes.last == UInt8(ascii: "~"), byte == UInt8(ascii: "0") {
        // A `~` from an escape must not begin another one.
        bytes[bytes.count - 1] = 0xFF
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes.map { $0 == 0xFF ? UInt8(ascii: "~") : $0 }, as: UTF8.self)
  }

  private func check(_ node: JSONNode, of root: JSONNode) throws {
    // RFC 6901, section 4.
    var found: JSONNode? = root
    for token in node.pointer.utf8.split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
    )
    .dropFirst() {
      let name = unescape(token)
      found = found?.kind == .array ? Int(name).flatMap { found?[$0] } : found?[name]
    }
    #expect(found?.byteOffset == node.byteOffset)
    for element in node.elements { try check(element, of: root) }
    for (_, value) in node.members { try check(value, of: root) }
  }
}
