/// The name of a file of a split model: `name-00002-of-00003.gguf`.
struct SplitName {
  /// The beginning that all files of the model share.
  let stem: String
  /// The number of the file, from 0 on.
  let number: Int
  let count: Int

  /// Parses a name; `nil` for a file of its own.
  init?(_ name: String) {
    guard
      let match = name.wholeMatch(of: /(.*)-([0-9]{5})-of-([0-9]{5})\.gguf/.dotMatchesNewlines()),
      let number = Int(match.2), let count = Int(match.3), (1...max(count, 1)).contains(number)
    else { return nil }
    stem = String(match.1)
    (self.number, self.count) = (number - 1, count)
  }

  /// Returns the name of another file of the model.
  func name(of number: Int) -> String { stem + Self.ending(number, of: count) }

  /// Returns the end of a file's name.
  static func ending(_ number: Int, of count: Int) -> String {
    "-\(padded(number + 1))-of-\(padded(count)).gguf"
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(5 - digits.count, 0)) + digits
  }
}
