import CoppiceModel
import Testing

struct Base64Tests {
  /// RFC 4648, section 10, and a text in which the alphabets differ.
  static let vectors = [
    ("", "", ""), ("f", "Zg==", "Zg=="), ("fo", "Zm8=", "Zm8="), ("foo", "Zm9v", "Zm9v"),
    ("foob", "Zm9vYg==", "Zm9vYg=="), ("fooba", "Zm9vYmE=", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy", "Zm9vYmFy"), ("params.w", "cGFyYW1zLnc=", "cGFyYW1zLnc="),
    ("??>", "Pz8+", "Pz8-"),
  ]

  @Test(arguments: vectors)
  func encodesAndDecodes(_ text: String, _ standard: String, _ url: String) {
    let bytes = Array(text.utf8)
    #expect(Base64.encode(bytes) == standard)
    #expect(Base64.encode(bytes, .url) == url)
    #expect(Base64.decode(standard) == bytes)
    #expect(Base64.decodeLeniently(standard) == bytes)
    #expect(Base64.decodeLeniently(url) == bytes)
  }

  @Test func onlyLenientDecodingTakesTheUrlAlphabetAndNoPadding() {
    for text in ["-_8=", "+/8", "-_8"] {
      #expect(Base64.decode(text) == nil)
      #expect(Base64.decodeLeniently(text) == [0xFB, 0xFF])
    }
    #expect(Base64.decode("+/8=") == [0xFB, 0xFF])
  }

  @Test(arguments: ["Z", "Zg=a", "Zh==", "Z g=", "Zg===", "A===", "====", "Zm9vé"])
  func refusesWhatIsNoBase64(_ text: String) {
    #expect(Base64.decode(text) == nil)
    #expect(Base64.decodeLeniently(text) == nil)
  }
}
