package import CoppiceFormat
package import CoppiceHDF5
import CoppiceModel

/// `/%packed/index`: the list from which HDF5-only readers find the leaves that share datasets.
///
/// Spec: ARR-39.
package struct PackedIndex {
  private let leaves: LeafTable
  private let paths: [String]
  private let rows: [(ordinal: Int, element: Int)]
  private let pathBytes: Int
  private let rank: Int
  private static let dtypeBytes = 32

  /// Makes the list.
  ///
  /// - Parameters:
  ///   - leaves: All leaves of the tree; `paths` has the path of each.
  ///   - rows: The packed leaves by ordinal, each with the index of its first element in the shared
  ///     dataset.
  package init(
    _ leaves: LeafTable, paths: [String], rows: [(ordinal: Int, element: Int)]
  ) {
    self.leaves = leaves
    self.paths = paths
    self.rows = rows
    pathBytes = max(rows.map { paths[$0.ordinal].utf8.count }.max() ?? 1, 1)
    rank = max(rows.map { leaves[$0.ordinal].shape.rank }.max() ?? 1, 1)
  }

  init(_ plan: TreePlan, in file: Int) {
    self.init(
      plan.document.leaves, paths: plan.paths,
      rows: plan.files[file].packs.flatMap(\.members).sorted { $0.ordinal < $1.ordinal })
  }

  /// The number of packed leaves.
  package var count: Int { rows.count }

  // The members in order and without padding: path, dtype, offset, rank, dims.
  private var offsetPlace: Int { pathBytes + Self.dtypeBytes }
  private var rankPlace: Int { offsetPlace + 8 }
  private var dimsPlace: Int { rankPlace + 1 }
  private var rowBytes: Int { dimsPlace + 8 * rank }

  /// The HDF5 datatype of a row.
  package var type: TypeDescription {
    let word = TypeDescription.integer(.init(byteCount: 8, isSigned: false))
    let text = { (count: Int) in
      TypeDescription.string(byteCount: count, padding: .nullPadded, isUTF8: false)
    }
    return .compound(
      byteCount: rowBytes,
      members: [
        .init(name: "path", offset: 0, type: text(pathBytes)),
        .init(name: "dtype", offset: pathBytes, type: text(Self.dtypeBytes)),
        .init(name: "offset", offset: offsetPlace, type: word),
        .init(
          name: "rank", offset: rankPlace,
          type: .integer(.init(byteCount: 1, isSigned: false))),
        .init(
          name: "dims", offset: dimsPlace, type: .array(base: word, dimensions: [UInt64(rank)])),
      ])
  }

  func write(to root: borrowing Group) throws(HDF5Error) {
    let row = try Datatype.compound(byteCount: rowBytes)
    let word = try Datatype.integer(byteCount: 8, isSigned: false)
    try row.insert("path", at: 0, .string(byteCount: pathBytes))
    try row.insert("dtype", at: pathBytes, .string(byteCount: Self.dtypeBytes))
    try row.insert("offset", at: offsetPlace, word)
    try row.insert("rank", at: rankPlace, .integer(byteCount: 1, isSigned: false))
    try row.insert("dims", at: dimsPlace, .array(of: word, dimensions: [UInt64(rank)]))
    let dataset = try root.createDataset(
      "%packed/index", type: row, dimensions: [UInt64(rows.count)])
    let bytes = encoded()
    try dataset.write(unsafe bytes.span.bytes)
    // libhdf5 may defer this write; close explicitly to surface errors.
    try dataset.close()
  }

  /// Returns the bytes of all rows.
  package func encoded() -> [UInt8] {
    // Everything after the path and offset is the same for all leaves of a kind.
    let types = leaves.kinds.map { Array($0.dtype.rawValue.utf8) }
    let shapes = leaves.kinds.map { kind in
      [UInt8(kind.shape.rank)] + kind.shape.dimensions.flatMap(Self.littleEndian)
    }
    var bytes = [UInt8](repeating: 0, count: rows.count * rowBytes)
    var start = 0
    for (ordinal, element) in rows {
      let kind = leaves.kind(of: ordinal)
      Self.put(paths[ordinal].utf8, at: start, in: &bytes)
      Self.put(types[kind], at: start + pathBytes, in: &bytes)
      Self.put(Self.littleEndian(element), at: start + offsetPlace, in: &bytes)
      Self.put(shapes[kind], at: start + rankPlace, in: &bytes)
      start += rowBytes
    }
    return bytes
  }

  private static func littleEndian(_ number: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func put(
    _ part: some Collection<UInt8>, at start: Int, in bytes: inout [UInt8]
  ) {
    bytes.replaceSubrange(start..<(start + part.count), with: part)
  }
}
