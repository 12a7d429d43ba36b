/// What a tree document says of its leaves, by ordinal.
///
/// Large trees have few kinds of leaves: those that are described alike share one record, and what
/// follows from a record is worked out once a kind.
package struct LeafTable: Sendable {
  /// The records: once each, but for those of leaves that lie far apart.
  package private(set) var kinds: [LeafRecord] = []
  private var kindOfLeaf: [Int32] = []

  /// The newest records that a leaf is compared with.
  private static let comparedKinds = 8

  package init() {}

  /// Makes a table of records in the order of their leaves.
  package init(_ records: some Sequence<LeafRecord>) {
    for record in records { append(record) }
  }

  /// Makes room for so many leaves.
  package mutating func reserveCapacity(_ count: Int) { kindOfLeaf.reserveCapacity(count) }

  /// Adds the next leaf.
  package mutating func append(_ record: LeafRecord) {
    if let kind = kinds.indices.suffix(Self.comparedKinds).last(where: { kinds[$0] == record }) {
      append(kind: kind)
    } else {
      kinds.append(record)
      append(kind: kinds.count - 1)
    }
  }

  /// Adds the next leaf: one of a kind that is there.
  package mutating func append(kind: Int) { kindOfLeaf.append(Int32(kind)) }

  /// The index among `kinds` of a leaf's record.
  package func kind(of ordinal: Int) -> Int { Int(kindOfLeaf[ordinal]) }
}

extension LeafTable: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { kindOfLeaf.count }
  package subscript(ordinal: Int) -> LeafRecord { kinds[kind(of: ordinal)] }
}
