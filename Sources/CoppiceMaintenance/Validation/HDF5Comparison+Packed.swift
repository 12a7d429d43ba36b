import CoppiceFormat
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel
import CoppiceStorage

extension HDF5Comparison {
  static let packedIndexPath = "%packed/index"

  static func packPath(_ dtype: DType) -> String { "%packed/\(dtype)" }

  /// Compares the datasets that small leaves share, and the form of the list of packed leaves.
  ///
  /// Spec: ARR-38, ARR-39.
  mutating func comparePacks(_ file: Int) {
    var packs: [DType: [Int]] = [:]
    for ordinal in packedLeaves(file) {
      let leaf = document.leaves[ordinal]
      packs[leaf.dtype, default: []].append(ordinal)
    }
    for dtype in DType.allCases { comparePack(dtype, packs[dtype] ?? [], file) }
    guard !packs.isEmpty, let dataset = dataset(Self.packedIndexPath, file, nil) else { return }
    guard let index = packedIndex(file), case .contiguous(.some) = dataset.layout,
      dataset.extent?.dimensions == [UInt64(index.count)], dataset.attributes.isEmpty,
      Self.withoutPadding(dataset.type) == Self.withoutPadding(index.type)
    else {
      report(file: file, "the list of packed leaves has another form than it must have")
      return
    }
  }

  private mutating func comparePack(_ dtype: DType, _ ordinals: [Int], _ file: Int) {
    guard !ordinals.isEmpty, let dataset = dataset(Self.packPath(dtype), file, ordinals[0]) else {
      return
    }
    guard case .contiguous(let range?) = dataset.layout, dataset.extent?.dimensions?.count == 1,
      dataset.type == dtype.typeDescription,
      Self.areExactly(Self.attributes(of: dtype), dataset.attributes)
    else {
      report("the dataset of packed leaves of \(dtype) has another form than it must have", nil)
      return
    }
    let rows = ordinals.map { tables[file][$0].lowerBound }
    let blocks = blocks[file]
    guard let first = rows.map({ blocks.offset[$0] }).min(), range.offset == UInt64(first) else {
      report("the dataset of packed leaves of \(dtype) doesn't begin with the first", nil)
      return
    }
    for (ordinal, row) in zip(ordinals, rows) {
      guard (blocks.offset[row] - first) % dtype.width == 0,
        UInt64(blocks.offset[row] + blocks.size[row]) <= range.offset + range.byteCount
      else {
        report("the packed block doesn't lie in the dataset of its type", ordinal)
        return
      }
    }
  }

  /// Returns the packed leaves in a file.
  private func packedLeaves(_ file: Int) -> [Int] {
    document.leaves.indices.filter {
      document.leaves[$0].storage == .packed && !tables[file][$0].isEmpty
    }
  }

  /// Returns the expected list of packed leaves in a file; `nil` if there are none.
  func packedIndex(_ file: Int) -> PackedIndex? {
    let packed = packedLeaves(file)
    guard !packed.isEmpty else { return nil }
    var starts: [DType: Int] = [:]
    for ordinal in packed {
      let offset = blocks[file].offset[tables[file][ordinal].lowerBound]
      let dtype = document.leaves[ordinal].dtype
      starts[dtype] = min(starts[dtype] ?? offset, offset)
    }
    let rows = packed.map { ordinal in
      let dtype = document.leaves[ordinal].dtype
      let offset = blocks[file].offset[tables[file][ordinal].lowerBound]
      return (ordinal, (offset - (starts[dtype] ?? offset)) / dtype.width)
    }
    return PackedIndex(document.leaves, paths: paths, rows: rows)
  }

  /// Returns a type without its insignificant properties.
  private static func withoutPadding(_ type: TypeDescription) -> TypeDescription {
    switch type {
    case .string(let count, _, _): .string(byteCount: count, padding: .nullPadded, isUTF8: false)
    case .compound(let count, let members):
      .compound(
        byteCount: count,
        members: members.map {
          .init(name: $0.name, offset: $0.offset, type: withoutPadding($0.type))
        })
    default: type
    }
  }
}
