import CoppiceFormat
import CoppiceModel

/// The content of a data file, planned before its first byte is written.
struct DataFilePlan: Sendable {
  /// The number of the file.
  let number: Int
  let table: BlockTable
  /// The boxes with datasets of their own.
  private(set) var units: [StorageUnit] = []
  /// The datasets that small leaves share, one per dtype.
  private(set) var packs: [Pack] = []
  /// The blocks; their places and digests are filled in when they are known.
  var blocks: BlockColumns

  /// A box of a leaf, with a dataset of its own.
  struct StorageUnit: Sendable {
    var ordinal: Int
    /// The index among the leaf's boxes.
    var index: Int
    var box: ArrayBox
    /// The index of the data file among those that are written.
    var file: Int
    /// The first row of the file's blocks.
    var firstRow: Int
  }

  /// A dataset that small leaves of one dtype share.
  struct Pack: Sendable {
    var dtype: DType
    /// The leaves, each with the index of its first element in the dataset.
    var members: [(ordinal: Int, element: Int)] = []
    var elementCount = 0

    /// Appends a leaf at the next aligned element.
    fileprivate mutating func append(_ ordinal: Int, elementCount count: Int) {
      let step = DataFilePlan.packAlignment / dtype.width
      let element = (elementCount + step - 1) / step * step
      members.append((ordinal, element))
      elementCount = element + count
    }
  }

  /// The alignment of packed blocks in bytes.
  private static let packAlignment = 64

  /// Plans a file of a document with its placements.
  ///
  /// - Parameter index: The index of the file among those that are written.
  init(_ number: Int, at index: Int, of document: TreeDocument) throws(CoppiceError) {
    self.number = number
    table = try BlockTable(document, file: number)
    blocks = BlockColumns(count: table.count)
    var packs: [DType: Pack] = [:]
    let leaves = document.leaves
    let elementCounts = leaves.kinds.map(\.shape.elementCount)
    for ordinal in leaves.indices where !table[ordinal].isEmpty {
      // Modified in place: copying the record or the members for each leaf would be slow.
      let kind = leaves.kind(of: ordinal)
      guard leaves.kinds[kind].storage != .packed else {
        let dtype = leaves.kinds[kind].dtype
        packs[dtype, default: Pack(dtype: dtype)].append(ordinal, elementCount: elementCounts[kind])
        continue
      }
      let grid = leaves.kinds[kind].boxes
      for box in table.boxes(of: ordinal) {
        units.append(
          StorageUnit(
            ordinal: ordinal, index: box, box: grid[box], file: index,
            firstRow: table.rows(of: ordinal, box: box).lowerBound))
      }
    }
    self.packs = packs.values.sorted { $0.dtype.rawValue < $1.dtype.rawValue }
    // libhdf5 aligns only datasets of at least this many bytes.
    for index in self.packs.indices {
      let least = HDF5Skeleton.alignedBytes / self.packs[index].dtype.width
      self.packs[index].elementCount = max(self.packs[index].elementCount, least)
    }
  }

  /// The end of the last block.
  var blockEnd: Int { zip(blocks.offset, blocks.size).map { $0 + $1 }.max() ?? 0 }
}
