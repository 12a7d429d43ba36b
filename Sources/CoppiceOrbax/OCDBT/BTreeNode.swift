import CoppiceModel

/// A decoded node of the B+tree.
///
/// Its keys are relative to a prefix, which the nodes above give.
final class BTreeNode: Sendable {
  /// The data beside the keys.
  enum Content: Sendable {
    /// Height 0: values.
    case leaf([StoredValue])
    /// Greater heights: the nodes below, and the length of the prefix that all of their keys share.
    case interior([Child])
  }

  /// A value: a range of the node's body, or of a data file.
  struct StoredValue: Sendable {
    /// The data file's index; `nil` when the value is in the body.
    var file: UInt32?
    var offset: Int
    var length: Int
  }

  struct Child: Sendable {
    var file: UInt32
    var commonPrefix: UInt32
    var offset: Int
    var length: Int
  }

  let height: Int
  let content: Content
  let files: DataFileTable
  let body: [UInt8]
  private let keyBytes: [UInt8]
  private let keyEnds: [UInt32]

  /// The longest key that TensorStore writes.
  private static let longestKey = 65_535
  /// The greatest sum of the lengths of a node's keys, written out.
  private static let mostKeyBytes = 256 << 20

  var count: Int { keyEnds.count }

  /// The bytes of memory that the node takes.
  var byteCount: Int { body.count + keyBytes.count + 40 * count + 256 }

  /// Returns a key, relative to the node's prefix.
  func key(_ index: Int) -> ArraySlice<UInt8> {
    keyBytes[(index == 0 ? 0 : Int(keyEnds[index - 1]))..<Int(keyEnds[index])]
  }

  /// Returns the number of keys that sort before a key.
  func lowerBound(_ key: ArraySlice<UInt8>) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self.key(middle).lexicographicallyPrecedes(key) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// Reads the body of a node.
  init(
    _ body: [UInt8], of reference: NodeReference, limits: ReadLimits,
    at location: CoppiceError.Location
  ) throws(CoppiceError) {
    var cursor = OCDBTCursor(body, what: "B+tree node", at: location)
    self.body = body
    height = Int(try cursor.byte())
    guard height == reference.height else {
      throw cursor.malformed("has height \(height), but \(reference.height) was expected")
    }
    files = try DataFileTable(&cursor, transitive: reference.transitive)
    let count = try cursor.count(entryBytes: height == 0 ? 3 : 8)
    guard count > 0 else { throw cursor.malformed("has no entries") }
    guard count <= limits.leaves else {
      throw CoppiceError(
        .ocdbtTooLarge, "the B+tree node has \(count) entries; at most \(limits.leaves) are read",
        at: location)
    }
    let shared = try cursor.column(count - 1)
    let suffixes = try cursor.column(count)
    let commonPrefixes = height == 0 ? [] : try cursor.column(count)
    (keyBytes, keyEnds) = try Self.readKeys(&cursor, shared, suffixes)
    content =
      height == 0
      ? .leaf(try Self.readValues(&cursor, count, files))
      : .interior(try Self.readChildren(&cursor, commonPrefixes, keyEnds, files))
    try cursor.requireEnd()
  }

  private static func readKeys(
    _ cursor: inout OCDBTCursor, _ shared: [UInt32], _ suffixes: [UInt32]
  ) throws(CoppiceError) -> (bytes: [UInt8], ends: [UInt32]) {
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
    ends.reserveCapacity(suffixes.count)
    var start = 0
    for index in suffixes.indices {
      let sharedCount = index == 0 ? 0 : Int(shared[index - 1])
      let suffix = try cursor.range(Int(suffixes[index]))
      let last = start..<bytes.count
      guard sharedCount <= last.count, sharedCount + suffix.count <= longestKey else {
        throw cursor.malformed("has a key whose length is impossible")
      }
      guard bytes.count + sharedCount + suffix.count <= mostKeyBytes else {
        throw cursor.malformed("has more than \(mostKeyBytes) bytes of keys")
      }
      start = bytes.count
      // Append byte by byte: a slice of the array itself would make each append copy all of it.
      for place in last.prefix(sharedCount) { bytes.append(bytes[place]) }
      bytes.append(contentsOf: cursor.bytes[suffix])
      guard index == 0 || bytes[last].lexicographicallyPrecedes(bytes[start...]) else {
        throw cursor.malformed("has keys out of order")
      }
      ends.append(UInt32(bytes.count))
    }
    return (bytes, ends)
  }

  private static func readValues(
    _ cursor: inout OCDBTCursor, _ count: Int, _ files: DataFileTable
  ) throws(CoppiceError) -> [StoredValue] {
    let lengths = try cursor.wideColumn(count)
    let kinds = try cursor.byteColumn(count)
    guard kinds.allSatisfy({ $0 <= 1 }) else {
      throw cursor.malformed("has a value of an unknown kind")
    }
    let indirect = kinds.count { $0 == 1 }
    let fileIndexes = try cursor.column(indirect)
    let offsets = try cursor.wideColumn(indirect)
    var values: [StoredValue] = []
    values.reserveCapacity(count)
    var next = 0
    for index in 0..<count {
      guard let length = Int(exactly: lengths[index]) else {
        throw cursor.malformed("has a value of impossible length")
      }
      if kinds[index] == 0 {
        let range = try cursor.range(length)
        values.append(StoredValue(file: nil, offset: range.lowerBound, length: length))
      } else {
        _ = try files.entry(fileIndexes[next], cursor)
        guard let offset = Int(exactly: offsets[next]),
          !offset.addingReportingOverflow(length).overflow
        else { throw cursor.malformed("places a value outside of any file") }
        values.append(StoredValue(file: fileIndexes[next], offset: offset, length: length))
        next += 1
      }
    }
    return values
  }

  private static func readChildren(
    _ cursor: inout OCDBTCursor, _ commonPrefixes: [UInt32], _ keyEnds: [UInt32],
    _ files: DataFileTable
  ) throws(CoppiceError) -> [Child] {
    let count = commonPrefixes.count
    let fileIndexes = try cursor.column(count)
    let offsets = try cursor.wideColumn(count)
    let lengths = try cursor.wideColumn(count)
    for _ in 0..<3 { _ = try cursor.wideColumn(count) }
    var children: [Child] = []
    children.reserveCapacity(count)
    for index in 0..<count {
      _ = try files.entry(fileIndexes[index], cursor)
      let keyLength = keyEnds[index] - (index == 0 ? 0 : keyEnds[index - 1])
      guard commonPrefixes[index] <= keyLength, let offset = Int(exactly: offsets[index]),
        let length = Int(exactly: lengths[index]), length <= OCDBTRecord.mostBytes
      else { throw cursor.malformed("refers to an impossible node") }
      children.append(
        Child(
          file: fileIndexes[index], commonPrefix: commonPrefixes[index], offset: offset,
          length: length))
    }
    return children
  }
}
