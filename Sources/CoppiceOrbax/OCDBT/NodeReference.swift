import CoppiceModel

/// Where a B+tree node lies.
struct NodeReference: Hashable, Sendable {
  /// The data file, relative to the database.
  var path: [UInt8]
  /// The beginning of the path that also applies to the files the node names.
  var transitive: [UInt8]
  var offset: Int
  var length: Int
  /// The node's height above the leaves.
  var height: Int
}
