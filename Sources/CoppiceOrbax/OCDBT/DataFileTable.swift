import CoppiceModel

/// The data files that a manifest or node refers to.
struct DataFileTable: Sendable {
  /// One file: its whole path, and the beginning of it that is the base of the nodes below.
  struct Entry: Hashable, Sendable {
    var path: [UInt8]
    var baseLength: Int

    var base: [UInt8] { Array(path[..<baseLength]) }
  }

  var entries: [Entry] = []

  /// The longest path, and the most bytes of all paths together.
  private static let longestPath = 4096
  private static let mostBytes = 16 << 20

  /// Reads a table; paths are given relative to `transitive`.
  init(_ cursor: inout OCDBTCursor, transitive: [UInt8]) throws(CoppiceError) {
    let count = try cursor.count(entryBytes: 2)
    let shared = try cursor.column(count - 1)
    let suffixes = try cursor.column(count)
    let bases = try cursor.column(count)
    var previous: [UInt8] = []
    var total = 0
    for index in 0..<count {
      let sharedCount = index == 0 ? 0 : Int(shared[index - 1])
      guard sharedCount <= previous.count else {
        throw cursor.malformed("shares more of a file name than the last one has")
      }
      let suffix = try cursor.range(Int(suffixes[index]))
      let path = previous[..<sharedCount] + cursor.bytes[suffix]
      guard path.count + transitive.count <= Self.longestPath, Int(bases[index]) <= path.count
      else { throw cursor.malformed("has a file name that is too long") }
      total += path.count + transitive.count
      guard total <= Self.mostBytes else { throw cursor.malformed("names too many files") }
      previous = Array(path)
      entries.append(
        Entry(path: transitive + previous, baseLength: transitive.count + Int(bases[index])))
    }
  }

  /// Returns the entry of an index.
  func entry(_ index: UInt32, _ cursor: OCDBTCursor) throws(CoppiceError) -> Entry {
    guard Int(index) < entries.count else {
      throw cursor.malformed("refers to file \(index) of \(entries.count)")
    }
    return entries[Int(index)]
  }
}
