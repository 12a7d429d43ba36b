extension Listing {
  /// Replaces what lies deeper than a number of levels below the listed node by a row for each branch.
  mutating func limit(depth: Int) {
    let limit = baseDepth + depth
    var shown: [ListingRow] = []
    for row in rows {
      guard row.components.count > limit else {
        shown.append(row)
        continue
      }
      let start = Array(row.components.prefix(limit))
      // The rows of a branch follow one another.
      if shown.last?.branch == nil || shown.last?.components != start {
        shown.append(ListingRow(components: start, type: "branch", bytes: 0, branch: .init()))
      }
      shown[shown.count - 1].add(row)
    }
    rows = shown
  }
}

extension ListingRow {
  /// Adds a row to a branch.
  fileprivate mutating func add(_ row: ListingRow) {
    bytes = (bytes ?? 0) + row.totalBytes
    branch?.arrayCount += row.arrayCount
    branch?.otherCount += row.otherCount
    if row.fault != nil { branch?.faultCount += row.count }
  }
}
