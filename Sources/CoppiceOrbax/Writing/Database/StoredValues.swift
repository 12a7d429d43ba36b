/// The values of a tree's arrays that one rank has stored.
struct StoredValues: Sendable {
  /// The entries of the database; none where each value is a file.
  var entries: [BTreeNodeEncoder.Entry] = []
  /// The files with their paths below the tree's directory.
  var files: [(path: [UInt8], byteCount: Int)] = []
}
