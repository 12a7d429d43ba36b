import CoppiceFormat
import CoppiceModel

extension StoredTree {
  /// Returns the place of each box of a leaf, in C order.
  ///
  /// - Parameter path: The path of the leaf, which is the name of its dataset unless it has several
  ///   boxes or is packed.
  /// - Throws: The errors of reading an index.
  func places(of ordinal: Int, at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    let leaf = leaves[ordinal]
    let boxes = try boxes(ordinal, sharing: ArrayBox(whole: leaf.shape))
    return boxes.enumerated().compactMap { index, box in
      let rows = box.firstRow..<(box.firstRow + box.cellCount)
      guard let extent = box.blocks.extent(of: rows) else { return nil }
      return StoredPlace(
        file: files.displayName(box.blocks.file),
        dataset: leaf.dataset(ofBox: index, of: ordinal, at: path), offset: extent.offset,
        byteCount: extent.byteCount, filters: box.filters,
        box: box.shape == leaf.shape ? nil : box.box)
    }
  }
}

extension LeafRecord {
  /// Returns the name of the dataset that holds a box.
  ///
  /// Spec: ARR-33, ARR-38.
  fileprivate func dataset(ofBox index: Int, of ordinal: Int, at path: TreePath) -> String {
    if storage == .packed { return "%packed/\(dtype.rawValue)" }
    return isAtPath ? LeafPlace.path(of: path) : LeafPlace.shardPath(ordinal, index)
  }
}

extension StoredBox {
  /// The names of the filters of the stored bytes.
  fileprivate var filters: [String] {
    switch coding {
    case .plain: []
    case .chunks(_, let isShuffled): isShuffled ? ["shuffle", "zstd"] : ["zstd"]
    }
  }
}
