import CoppiceFormat
import CoppiceModel

extension TreeDocument {
  /// Distributes the boxes over data files: each goes to the file with the fewest bytes so far.
  ///
  /// A box with which that file would be too large gets a new one.
  ///
  /// - Returns: The number of files, `arrays.h5` among them.
  mutating func place(_ options: TreeWriteOptions) -> Int {
    let kinds = leaves.kinds.map(\.hasOwnDatasets)
    let overhead = options.maximumFileBytes == nil ? 0 : TreeWriteOptions.datasetOverheadBytes
    let sizes = leaves.kinds.map { leaf in
      leaf.hasOwnDatasets
        ? leaf.boxes.map { $0.shape.elementCount * leaf.dtype.width + overhead } : []
    }
    var (boxes, bytes) = (0, 0)
    for ordinal in leaves.indices where kinds[leaves.kind(of: ordinal)] {
      boxes += sizes[leaves.kind(of: ordinal)].count
      bytes += sizes[leaves.kind(of: ordinal)].reduce(0, +)
    }
    let limit = options.maximumFileBytes.map { max($0 - TreeWriteOptions.fileOverheadBytes, 1) }
    var count = options.dataFiles
    if let limit { count = max(count, (bytes + limit - 1) / limit) }
    count = min(count, boxes)
    guard count > 1 else { return 1 }
    var filled = Array(repeating: 0, count: count)
    var files: [[Int]?] = []
    for ordinal in leaves.indices {
      let kind = leaves.kind(of: ordinal)
      guard kinds[kind] else {
        files.append(nil)
        continue
      }
      files.append(
        sizes[kind].map { size in
          var file = filled.indices.min { filled[$0] < filled[$1] } ?? 0
          if let limit, filled[file] > 0, filled[file] + size > limit {
            file = filled.count
            filled.append(0)
          }
          filled[file] += size
          return file + 1
        })
    }
    var lists: [[Int]: Int] = [:]
    let listOfLeaf = files.map { files in
      files.map { files in
        let list = lists[files] ?? lists.count
        lists[files] = list
        return list
      }
    }
    place(lists.sorted { $0.value < $1.value }.map(\.key), of: listOfLeaf)
    return filled.count + 1
  }

  /// Lets each rank of a group write its boxes to a file of its own.
  ///
  /// - Returns: The number of files, `arrays.h5` among them.
  mutating func place(_ layout: GroupLayout) -> Int {
    let ranks = layout.ranksOfFiles
    var files = Array(repeating: 0, count: (ranks.max() ?? 0) + 1)
    for (file, rank) in ranks.enumerated() { files[rank] = file }
    place(layout.lists.map { $0.map { files[$0] } }, of: layout.listOfLeaf)
    return ranks.count
  }

  /// Gives leaves their placements.
  ///
  /// - Parameters:
  ///   - lists: Lists of file numbers, one for each box.
  ///   - listOfLeaf: For each leaf the index of its list; `nil` for a leaf that lies in
  ///     `arrays.h5`.
  private mutating func place(_ lists: [[Int]], of listOfLeaf: [Int?]) {
    var numbers: [Int: Int] = [:]
    for list in listOfLeaf.compactMap({ $0 })
    where numbers[list] == nil && lists[list].contains(where: { $0 > 0 }) {
      numbers[list] = placements.count
      placements.append(Placement(lists[list]))
    }
    var placed = LeafTable()
    placed.reserveCapacity(leaves.count)
    for (leaf, list) in zip(leaves, listOfLeaf) {
      var leaf = leaf
      leaf.placement = list.flatMap { numbers[$0] }
      placed.append(leaf)
    }
    leaves = placed
  }

  /// The number of mappings that global views of all leaves have.
  var viewMappings: Int {
    var counts: [Int] = []
    for leaf in leaves.kinds {
      counts.append(leaf.hasOwnDatasets && !leaf.isAtPath ? leaf.boxes.count : 0)
    }
    return leaves.indices.reduce(0) { $0 + counts[leaves.kind(of: $1)] }
  }
}

extension LeafRecord {
  /// Whether each box of the leaf has a dataset.
  fileprivate var hasOwnDatasets: Bool { storage != .none && storage != .packed }
}
