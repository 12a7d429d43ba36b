import Testing

@testable import CoppiceModel

/// The text of an error is one readable line, whatever the input contains.
@Suite struct ErrorTextTests {
  private let code = CoppiceError.Code(rawValue: "area.fault")

  @Test func givesThePlaceBeforeTheMessage() {
    let error = CoppiceError(
      code, "wrong", at: .init(file: "a/b.json", pointer: "/x/0", treePath: "p/q", offset: 17))
    #expect(error.description == "a/b.json#/x/0 (p/q) at byte 17: wrong [area.fault]")
  }

  @Test func leavesOutWhatIsEmpty() {
    let error = CoppiceError(code, "wrong", at: .init(file: "a.json", pointer: "", treePath: ""))
    #expect(error.description == "a.json: wrong [area.fault]")
  }

  @Test func keepsBothEndsOfALongPointer() {
    let pointer = "/first" + String(repeating: "/0", count: 128) + "/last"
    let text = CoppiceError.Location(file: "a.json", pointer: pointer).description
    #expect(text.hasPrefix("a.json#/first/0/0"))
    #expect(text.hasSuffix("/0/0/last"))
    #expect(text.contains("…"))
    #expect(text.count <= 90)
  }

  @Test func escapesControlCharacters() {
    let error = CoppiceError(
      code, "no \u{1B}[31m\nred",
      at: .init(file: "a\nb", pointer: "/c\u{2028}", treePath: "d\u{202E}"))
    #expect(
      error.description
        == #"a\u{a}b#/c\u{2028} (d\u{202e}): no \u{1b}[31m\u{a}red [area.fault]"#)
  }

  @Test func namesKeepNoCharacterThatActsOnATerminal() {
    #expect("→ é".printable == "→ é")
    #expect(
      "a\u{9B}31m\u{85}\u{7F}\u{202E}\u{2066}\u{1B}]0;x\u{7}\tb\n".printable
        == #"a\u{9b}31m\u{85}\u{7f}\u{202e}\u{2066}\u{1b}]0;x\u{7}\u{9}b\u{a}"#)
  }

  @Test func namesTheDirectoryThatHasNoNameInItself() {
    let error = CoppiceError(code, "wrong", at: .init(file: "")).located(file: "runs/ckpt")
    #expect(error.location.file == "runs/ckpt")
  }

  @Test func printsBytesThatAreNoText() {
    #expect(String(printing: Array("d/é".utf8)) == "d/é")
    #expect(String(printing: [0x64, 0x2F, 0xCA, 0x62, 0xC3] as [UInt8]) == #"d/\xcab\xc3"#)
    #expect(String(printing: [0x0A, 0xFF] as [UInt8]) == #"\u{a}\xff"#)
    #expect(String(printing: [UInt8](repeating: 0x61, count: 900)).hasSuffix("aa…"))
  }
}
