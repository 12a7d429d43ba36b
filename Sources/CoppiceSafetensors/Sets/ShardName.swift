/// What the names of the files of a set have in common, such as `model-*-of-00007.safetensors`.
///
/// GGUF has names of this form too, with numbers of a fixed width that its files repeat in their metadata.
struct ShardName: Hashable {
  private let stem: String
  private let suffix: String
  /// The digits of the number of files, which the number of each file has as well.
  private let total: String

  /// Takes a name apart, and returns the number of the file; `nil` for the name of a file that states none.
  static func parse(_ name: String) -> (name: ShardName, number: Int)? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of" else { return nil }
    let last = parts[parts.count - 1]
    let isDigit = { (character: Character) in ("0"..."9").contains(character) }
    let total = last.prefix(while: isDigit)
    let own = parts[parts.count - 3]
    guard own.utf8.count == total.utf8.count, own.allSatisfy(isDigit), let number = Int(own) else {
      return nil
    }
    let stem = parts.dropLast(3).joined(separator: "-")
    let suffix = String(last.dropFirst(total.count))
    return (ShardName(stem: stem, suffix: suffix, total: String(total)), number)
  }

  /// Returns the name of one of the files.
  private func file(_ number: Int) -> String {
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(total.utf8.count - digits.utf8.count, 0))
    return "\(stem)-\(zeros)\(digits)-of-\(total)\(suffix)"
  }

  /// Returns the name of a file that is missing from a set some of whose files there are; `nil` where all are there.
  ///
  /// Files are numbered from 1, or from 0 where there is one of this number.
  static func missing(among files: [String]) -> String? {
    var sets: [ShardName: Set<Int>] = [:]
    for case let (name, number)? in files.lazy.map(parse) { sets[name, default: []].insert(number) }
    for (name, numbers) in sets {
      guard let count = Int(name.total), numbers.count < count else { continue }
      let first = numbers.contains(0) ? 0 : 1
      // Of one number more than there are files, one is missing.
      for number in first...(first + numbers.count) where !numbers.contains(number) {
        return name.file(number)
      }
    }
    return nil
  }
}
