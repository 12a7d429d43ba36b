import CoppiceFormat
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

extension HDF5Comparison {
  /// Compares the virtual dataset at the path of a leaf whose data lie elsewhere.
  ///
  /// Spec: ARR-34 to ARR-36.
  mutating func compareView(_ ordinal: Int) {
    let leaf = document.leaves[ordinal]
    guard let dataset = dataset(paths[ordinal], 0, ordinal),
      check(dataset, leaf, leaf.shape, ordinal)
    else { return }
    guard case .virtual(let mappings) = dataset.layout, mappings.count == leaf.boxes.count else {
      report("HDF5 has no view of the leaf's \(leaf.boxes.count) shards", ordinal)
      return
    }
    for (shard, box) in leaf.boxes.enumerated() {
      let file = document.file(of: shard, leaf)
      let path = LeafPlace.virtualName(LeafPlace.shardPath(ordinal, shard))
      guard let mapping = mappings[shard], mapping.box.offset.map({ Int($0) }) == box.offset,
        mapping.box.shape.map({ Int($0) }) == box.shape.dimensions,
        mapping.sourceBox.offset.allSatisfy({ $0 == 0 }),
        mapping.sourceBox.shape == mapping.box.shape,
        mapping.sourceFile == Array((file == 0 ? "." : DataFile.name(file)).utf8),
        mapping.sourcePath == Array(path.utf8)
      else {
        report("HDF5's view takes shard \(shard) from elsewhere than the index", ordinal)
        return
      }
    }
    guard Self.isFill(dataset.fillValue, of: leaf.dtype) else {
      report("HDF5's view has another fill value than NaN or zero", ordinal)
      return
    }
  }

  /// Returns whether an element has the fill value: NaN, in both parts of complex numbers, for
  /// floats that HDF5 knows; zero for all other types.
  private static func isFill(_ bytes: [UInt8]?, of dtype: DType) -> Bool {
    guard let (width, exponent) = floatForm(dtype) else {
      return bytes?.allSatisfy { $0 == 0 } ?? true
    }
    guard let bytes, bytes.count == dtype.width else { return false }
    return stride(from: 0, to: bytes.count, by: width).allSatisfy { start in
      let bits = bytes[start..<(start + width)].reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      let mantissa = UInt64(width * 8 - 1 - exponent)
      let ones = (UInt64(1) << UInt64(exponent)) - 1
      return bits >> mantissa & ones == ones && bits & (1 << mantissa - 1) != 0
    }
  }

  /// Returns the width and the number of exponent bits of a float or of one part of a complex
  /// number.
  private static func floatForm(_ dtype: DType) -> (width: Int, exponent: Int)? {
    switch dtype {
    case .float16: (2, 5)
    case .bfloat16: (2, 8)
    case .float32, .complex64: (4, 8)
    case .float64, .complex128: (8, 11)
    default: nil
    }
  }
}
