import CoppiceModel

/// The location of a B+tree node.
struct NodeReference: Hashable, Sendable {
  /// The data file, relative to the database.
  var path: [UInt8]
  /// The beginning of the path, which is the base of the paths that the node names.
  var transitive: [UInt8]
  var offset: Int
  var length: Int
  /// The node's height above the leaves.
  var height: Int
}
