/// Suggestions of existing names for misspelled ones.
public enum NearMiss {
  /// Returns the candidate nearest to a text by edit distance; `nil` where none is near.
  ///
  /// Complexity: the product of the lengths for each candidate; texts longer than 200 bytes are not compared.
  public static func nearest(to text: String, among candidates: some Sequence<String>) -> String? {
    let sought = Array(text.utf8.map(lowercased))
    guard !sought.isEmpty, sought.count <= 200 else { return nil }
    let limit = max(sought.count / 3, 1)
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate.utf8.count <= 200 {
      let distance = distance(sought, Array(candidate.utf8.map(lowercased)))
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Returns `; did you mean "…"?`, or an empty text when no candidate is near.
  public static func hint(for text: String, among candidates: some Sequence<String>) -> String {
    nearest(to: text, among: candidates).map { "; did you mean \"\($0.printable)\"?" } ?? ""
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
  }

  /// Returns the least number of insertions, deletions, replacements and swaps of adjacent bytes.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before = [Int]()
    var row = Array(0...b.count)
    for i in a.indices {
      var next = [i + 1]
      for j in b.indices {
        var best = min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        next.append(best)
      }
      before = row
      row = next
    }
    return row[b.count]
  }
}
