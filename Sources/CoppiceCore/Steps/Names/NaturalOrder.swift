/// The order of names by which Flax finds the newest checkpoint: numbers in names compare as
/// numbers.
///
/// `ckpt_2` comes before `ckpt_10`, and `ckpt_-1` before `ckpt_.5` and `ckpt_1e2`.
public enum NaturalOrder {
  /// Returns the names in natural order; names that compare as equal keep their order.
  public static func sorted(_ names: some Sequence<String>) -> [String] {
    names.map { (name: $0, key: Key($0)) }.sorted { $0.key < $1.key }.map(\.name)
  }

  /// A name split into alternating texts and numbers, with a text at each end.
  private struct Key: Comparable {
    var texts: [[UInt8]] = [[]]
    var numbers: [Double] = []

    init(_ name: String) {
      var rest = Array(name.utf8)[...]
      while let byte = rest.first {
        if let (number, count) = NaturalOrder.number(rest) {
          numbers.append(number)
          texts.append([])
          rest = rest.dropFirst(count)
        } else {
          texts[texts.count - 1].append(byte)
          rest = rest.dropFirst()
        }
      }
    }

    static func < (left: Key, right: Key) -> Bool {
      for index in 0..<min(left.texts.count, right.texts.count) {
        if left.texts[index] != right.texts[index] {
          return left.texts[index].lexicographicallyPrecedes(right.texts[index])
        }
        guard index < left.numbers.count, index < right.numbers.count else { break }
        if left.numbers[index] != right.numbers[index] {
          return left.numbers[index] < right.numbers[index]
        }
      }
      return left.texts.count < right.texts.count
    }
  }

  /// Returns the number at the beginning of some bytes, and its length.
  ///
  /// Its form is `[-+]?(d+(.d*)?|.d+)([eE][-+]?d+)?`.
  private static func number(_ bytes: ArraySlice<UInt8>) -> (value: Double, count: Int)? {
    var scanner = Scanner(bytes)
    scanner.skip(oneOf: [0x2B, 0x2D])
    let whole = scanner.skipDigits()
    var point = scanner
    if point.skip(oneOf: [0x2E]) {
      let fraction = point.skipDigits()
      if whole + fraction > 0 { scanner = point }
    }
    guard whole > 0 || scanner.count > 0 && scanner.endsInDigit else { return nil }
    var exponent = scanner
    if exponent.skip(oneOf: [0x65, 0x45]) {
      exponent.skip(oneOf: [0x2B, 0x2D])
      if exponent.skipDigits() > 0 { scanner = exponent }
    }
    var text = String(decoding: Array(bytes.prefix(scanner.count)), as: UTF8.self)
    if text.utf8.last == 0x2E { text.removeLast() }
    return Double(text).map { ($0, scanner.count) }
  }

  private struct Scanner {
    private let bytes: ArraySlice<UInt8>
    private(set) var count = 0

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    var endsInDigit: Bool {
      count > 0 && (0x30...0x39).contains(bytes[bytes.startIndex + count - 1])
    }

    @discardableResult
    mutating func skip(oneOf wanted: [UInt8]) -> Bool {
      guard let next = bytes.dropFirst(count).first, wanted.contains(next) else { return false }
      count += 1
      return true
    }

    mutating func skipDigits() -> Int {
      let digits = bytes.dropFirst(count).prefix { (0x30...0x39).contains($0) }.count
      count += digits
      return digits
    }
  }
}
