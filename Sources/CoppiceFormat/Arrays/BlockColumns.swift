import CoppiceJSON
import CoppiceModel

/// The blocks of a data file, stored as columns: one row per block.
///
/// Spec: ARR-9.
package struct BlockColumns: Hashable, Sendable {
  /// The offset of the first byte in the file.
  package var offset: [Int] = []
  /// The number of bytes.
  package var size: [Int] = []
  /// The digest of the bytes as stored.
  package var digest: [UInt64] = []

  package init() {}

  /// Makes columns of zeros.
  package init(count: Int) {
    offset = Array(repeating: 0, count: count)
    size = offset
    digest = Array(repeating: 0, count: count)
  }

  /// The number of blocks.
  package var count: Int { offset.count }

  /// Whether all columns have the same length.
  var areEqualInLength: Bool { size.count == count && digest.count == count }

  /// The same places, with zeros for the digests.
  package var withoutDigests: BlockColumns {
    var columns = self
    columns.digest = Array(repeating: 0, count: count)
    return columns
  }

  /// The places of all blocks.
  package var places: [(offset: Int, size: Int)] {
    zip(offset, size).map { ($0, $1) }
  }
}

extension BlockColumns {
  /// Reads the columns; `StructureCheck` compares their lengths.
  init(_ node: JSONNode, _ unknown: UnknownMembers) throws(CoppiceError) {
    self.init()
    var reader = try JSONObjectReader(node)
    digest = try reader.required("digest").hex64Column()
    offset = try reader.required("offset").nonNegativeIntegerColumn()
    size = try reader.required("size").nonNegativeIntegerColumn()
    try unknown.check(reader)
  }

  init(scanning scanner: inout CanonicalScanner) throws(CanonicalScanner.Deviation) {
    try scanner.expect("{\"digest\":")
    let digest = try scanner.hex64Column()
    let count = digest.count
    self.init()
    self.digest = digest
    try scanner.expect(",\"offset\":")
    offset = try scanner.integerColumn(reservingCapacity: count)
    try scanner.expect(",\"size\":")
    size = try scanner.integerColumn(reservingCapacity: count)
    try scanner.expect("}")
  }

  func write(to writer: inout CanonicalJSONWriter) {
    writer.beginObject()
    writer.name("digest")
    writer.hex64Column(digest)
    writer.name("offset")
    writer.integerColumn(offset)
    writer.name("size")
    writer.integerColumn(size)
    writer.endObject()
  }
}
