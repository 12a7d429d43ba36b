import CoppiceModel

/// A value in Python's spelling, of the kinds in headers of arrays.
indirect enum PythonLiteral: Equatable {
  case string(String)
  case integer(Int)
  case bool(Bool)
  case none
  case tuple([PythonLiteral])
  case list([PythonLiteral])
  case dict([Pair])

  struct Pair: Equatable {
    var key: PythonLiteral
    var value: PythonLiteral
  }
}

/// A parser that reads literals only: names, calls and operators are errors, so nothing is
/// executed.
struct PythonLiteralParser {
  private let text: [UInt8]
  private var place = 0

  /// The most levels of nesting; structures need few.
  private static let maximumDepth = 16

  init(_ text: [UInt8]) { self.text = text }

  /// Reads a text that is one literal.
  ///
  /// - Throws: `npy.header`, with the offset in the text.
  mutating func parse() throws(CoppiceError) -> PythonLiteral {
    let value = try value(depth: 0)
    skipSpaces()
    guard place == text.count else { throw fault("more follows the literal") }
    return value
  }

  private mutating func value(depth: Int) throws(CoppiceError) -> PythonLiteral {
    guard depth < Self.maximumDepth else { throw fault("the literal is nested too deeply") }
    skipSpaces()
    switch peek {
    case UInt8(ascii: "'")?, UInt8(ascii: "\"")?: return .string(try string())
    case UInt8(ascii: "(")?:
      let (items, hasComma) = try items(closedBy: UInt8(ascii: ")"), depth: depth)
      // One value in parentheses without a comma is that value.
      return items.count == 1 && !hasComma ? items[0] : .tuple(items)
    case UInt8(ascii: "[")?: return .list(try items(closedBy: UInt8(ascii: "]"), depth: depth).0)
    case UInt8(ascii: "{")?: return .dict(try pairs(depth: depth))
    case UInt8(ascii: "-")?, (0x30...0x39)?: return .integer(try integer())
    default: return try word()
    }
  }

  private mutating func items(
    closedBy end: UInt8, depth: Int
  ) throws(CoppiceError) -> ([PythonLiteral], hasComma: Bool) {
    place += 1
    var items: [PythonLiteral] = []
    var hasComma = false
    while !take(end) {
      guard items.isEmpty || hasComma else { throw fault("a comma is missing") }
      items.append(try value(depth: depth + 1))
      hasComma = take(UInt8(ascii: ","))
    }
    return (items, hasComma)
  }

  private mutating func pairs(depth: Int) throws(CoppiceError) -> [PythonLiteral.Pair] {
    place += 1
    var pairs: [PythonLiteral.Pair] = []
    var hasComma = true
    while !take(UInt8(ascii: "}")) {
      guard hasComma else { throw fault("a comma is missing") }
      let key = try value(depth: depth + 1)
      guard take(UInt8(ascii: ":")) else { throw fault("a colon is missing") }
      pairs.append(.init(key: key, value: try value(depth: depth + 1)))
      hasComma = take(UInt8(ascii: ","))
    }
    return pairs
  }

  private mutating func integer() throws(CoppiceError) -> Int {
    let start = place
    if peek == UInt8(ascii: "-") { place += 1 }
    while let byte = peek, (0x30...0x39).contains(byte) { place += 1 }
    let digits = String(decoding: text[start..<place], as: UTF8.self)
    // Python 2 ends long integers with L.
    if peek == UInt8(ascii: "L") { place += 1 }
    guard let number = Int(digits) else { throw fault("the number \(digits) is too large") }
    return number
  }

  private mutating func string() throws(CoppiceError) -> String {
    let quote = text[place]
    place += 1
    var bytes: [UInt8] = []
    while let byte = peek, byte != quote {
      place += 1
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      // Escapes occur in names of fields; headers that can be read escape nothing but quotes.
      guard let escaped = peek, [quote, byte].contains(escaped) else {
        throw fault("an escape that is not known")
      }
      place += 1
      bytes.append(escaped)
    }
    guard peek == quote else { throw fault("a string doesn't end") }
    place += 1
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func word() throws(CoppiceError) -> PythonLiteral {
    let rest = text[place...]
    for (word, value) in Self.words where rest.starts(with: word.utf8) {
      place += word.utf8.count
      return value
    }
    throw fault("no literal is here; only literals are read, and nothing is executed")
  }

  private static let words: [(String, PythonLiteral)] = [
    ("True", .bool(true)), ("False", .bool(false)), ("None", .none),
  ]

  private var peek: UInt8? { place < text.count ? text[place] : nil }

  /// Takes a byte if it comes next, after any spaces.
  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpaces()
    guard peek == byte else { return false }
    place += 1
    return true
  }

  private mutating func skipSpaces() {
    while let byte = peek, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { place += 1 }
  }

  private func fault(_ message: String) -> CoppiceError {
    CoppiceError(.npyHeader, "the header is damaged: \(message)", at: .init(offset: place))
  }
}
