/// The records of a tree document's leaves, by ordinal.
///
/// Large trees have few kinds of leaves: leaves with equal records share one, and values derived
/// from a record are computed once per kind.
package struct LeafTable: Sendable {
  /// The distinct records; a record repeats only where equal leaves lie far apart.
  package private(set) var kinds: [LeafRecord] = []
  private var kindOfLeaf: [Int32] = []

  /// The number of recent records that a new leaf is compared with.
  private static let comparedKinds = 8

  package init() {}

  /// Makes a table of records in the order of their leaves.
  package init(_ records: some Sequence<LeafRecord>) {
    for record in records { append(record) }
  }

  /// Reserves memory for a number of leaves.
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

  /// Adds the next leaf, of a kind that the table has already.
  package mutating func append(kind: Int) { kindOfLeaf.append(Int32(kind)) }

  /// Returns the index in `kinds` of a leaf's record.
  package func kind(of ordinal: Int) -> Int { Int(kindOfLeaf[ordinal]) }
}

extension LeafTable: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { kindOfLeaf.count }
  package subscript(ordinal: Int) -> LeafRecord { kinds[kind(of: ordinal)] }
}
