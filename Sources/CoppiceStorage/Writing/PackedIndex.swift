import CoppiceFormat
import CoppiceModel
import HDF5

/// `/%packed/index`: where HDF5-only readers find the leaves that share datasets.
///
/// Spec: ARR-39.
struct PackedIndex {
  private let plan: TreePlan
  private let rows: [(ordinal: Int, element: Int)]
  private let pathBytes: Int
  private let rank: Int
  private static let dtypeBytes = 32

  init(_ plan: TreePlan) {
    self.plan = plan
    rows = plan.packs.flatMap(\.members).sorted { $0.ordinal < $1.ordinal }
    pathBytes = max(rows.map { plan.paths[$0.ordinal].utf8.count }.max() ?? 1, 1)
    rank = max(rows.map { plan.document.leaves[$0.ordinal].shape.rank }.max() ?? 1, 1)
  }

  // The members in order, without padding: path, dtype, offset, rank, dims.
  private var offsetPlace: Int { pathBytes + Self.dtypeBytes }
  private var rankPlace: Int { offsetPlace + 8 }
  private var dimsPlace: Int { rankPlace + 1 }
  private var rowBytes: Int { dimsPlace + 8 * rank }

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
  }

  private func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * rowBytes)
    for (ordinal, element) in rows {
      let leaf = plan.document.leaves[ordinal]
      append(plan.paths[ordinal], padded: pathBytes, to: &bytes)
      append(leaf.dtype.rawValue, padded: Self.dtypeBytes, to: &bytes)
      append(element, to: &bytes)
      bytes.append(UInt8(leaf.shape.rank))
      for dimension in 0..<rank {
        append(dimension < leaf.shape.rank ? leaf.shape.dimensions[dimension] : 0, to: &bytes)
      }
    }
    return bytes
  }

  private func append(_ text: String, padded count: Int, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: text.utf8)
    bytes.append(contentsOf: repeatElement(0, count: count - text.utf8.count))
  }

  private func append(_ number: Int, to bytes: inout [UInt8]) {
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
  }
}
