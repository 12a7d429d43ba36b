import CoppiceModel

/// The location of a B+tree node, and what the node above says of it.
struct NodeReference: Sendable {
  /// The data file, relative to the database.
  var path: [UInt8]
  /// The beginning of the path, which is the base of the paths that the node names.
  var transitive: [UInt8]
  var offset: Int
  var length: Int
  /// The node's height above the leaves.
  var height: Int
  /// The least key that the node may have, relative to its prefix.
  var firstKey: ArraySlice<UInt8> = []
  /// A key that is above all of the node's, relative to its prefix; `nil` when any may follow.
  var endKey: ArraySlice<UInt8>?
}
