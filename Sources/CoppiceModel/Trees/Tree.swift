/// A nested structure of containers, values and leaves: the state that a checkpoint holds.
///
/// The leaf is a parameter: an array in memory, a description of one, or a place to read one from,
/// so that listing, loading and converting share one structure.
///
/// Spec: MOD-1, MOD-2.
public indirect enum Tree<Leaf> {
  /// Keys in the order in which they were given, no two equal.
  case dict([Entry])
  case list([Tree])
  case tuple([Tree])
  case record(Record)
  case value(TreeValue)
  case leaf(Leaf)

  /// One key of a dictionary with its node.
  public struct Entry {
    /// The key: no other of the dictionary is equal to it.
    public var key: TreeKey
    /// The node under the key.
    public var node: Tree

    /// Makes an entry.
    public init(_ key: TreeKey, _ node: Tree) {
      self.key = key
      self.node = node
    }
  }

  /// A structure with a named type and named fields in order.
  public struct Record {
    /// The name of the type, as the saving program had it.
    public var type: String
    /// The fields in order, no two of one name.
    public var fields: [Field]

    /// Makes a record.
    public init(type: String, fields: [Field]) {
      self.type = type
      self.fields = fields
    }
  }

  /// One field of a record with its node.
  public struct Field {
    /// The field's name.
    public var name: String
    /// The node of the field.
    public var node: Tree

    /// Makes a field.
    public init(_ name: String, _ node: Tree) {
      self.name = name
      self.node = node
    }
  }
}

extension Tree: Sendable where Leaf: Sendable {}
extension Tree.Entry: Sendable where Leaf: Sendable {}
extension Tree.Record: Sendable where Leaf: Sendable {}
extension Tree.Field: Sendable where Leaf: Sendable {}
extension Tree: Equatable where Leaf: Equatable {}
extension Tree.Entry: Equatable where Leaf: Equatable {}
extension Tree.Record: Equatable where Leaf: Equatable {}
extension Tree.Field: Equatable where Leaf: Equatable {}
