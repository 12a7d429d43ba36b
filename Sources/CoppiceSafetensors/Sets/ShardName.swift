import CoppiceModel

/// The name of one of several files, such as `model-00002-of-00007.safetensors`.
struct ShardName: Hashable {
  /// The beginning of the name, and its end.
  private let (stem, suffix): (String, String)
  /// The digits of the number of files, which the number of each file has as well.
  private let total: String
  private let number: Int

  /// Takes a name apart; returns `nil` for the name of a file that states no number.
  init?(_ name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of" else { return nil }
    let last = parts[parts.count - 1]
    let total = last.prefix { $0.isASCII && $0.isNumber }
    let own = parts[parts.count - 3]
    guard let number = Int(own), own.utf8.count == total.utf8.count,
      own.allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    (self.number, self.total, suffix) = (number, String(total), String(last.dropFirst(total.count)))
    stem = parts.dropLast(3).joined(separator: "-")
  }

  /// The name of another file of the same set.
  private func name(of number: Int) -> String {
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(total.utf8.count - digits.utf8.count, 0))
    return "\(stem)-\(zeros)\(digits)-of-\(total)\(suffix)"
  }

  /// Returns the name of the first file that is missing from a set some of whose files there are; `nil` where all are
  /// there.
  static func missing(among files: [String]) -> String? {
    let known = Set(files.map { TreeKey.string($0) })
    for name in files.lazy.compactMap(ShardName.init) {
      guard let count = Int(name.total) else { continue }
      // The first gap is among as many numbers as there are files.
      for number in 1...max(min(count, files.count + 1), 1) {
        let other = name.name(of: number)
        if !known.contains(.string(other)) { return other }
      }
    }
    return nil
  }
}
