/// Words for ranks.
enum RankText {
  /// The most ranks, or runs of ranks, that a message names.
  private static let limit = 8

  /// Returns `rank 3 of 8`, `ranks 3, 5 and 7 to 9 of 16` or `all 8 ranks`.
  static func describe(_ ranks: [Int], of count: Int) -> String {
    let ranks = Set(ranks).sorted()
    if ranks.count == count, count > 1 { return "all \(count) ranks" }
    return "rank\(ranks.count == 1 ? "" : "s") \(list(ranks)) of \(count)"
  }

  /// Returns sorted numbers as a list with runs.
  static func list(_ ranks: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for rank in ranks {
      if let last = runs.last, last.upperBound + 1 == rank {
        runs[runs.count - 1] = last.lowerBound...rank
      } else {
        runs.append(rank...rank)
      }
    }
    var words = runs.prefix(limit).flatMap { run in
      run.count < 3 ? run.map(String.init) : ["\(run.lowerBound) to \(run.upperBound)"]
    }
    if runs.count > limit {
      words.append("\(runs.dropFirst(limit).reduce(0) { $0 + $1.count }) more")
    }
    guard words.count > 1, let last = words.popLast() else { return words.first ?? "" }
    return words.joined(separator: ", ") + " and " + last
  }
}
