package import CoppiceModel

/// `tree.json`: the structure of a tree, the records of its leaves, and where their blocks lie.
///
/// Spec: MET-31.
package struct TreeDocument: Sendable {
  /// The value of `format`.
  package static let format = "coppice.tree"

  /// The structure, in which a leaf is its ordinal, counted depth first from 0.
  package var tree: Tree<Int>
  /// The leaves by ordinal.
  package var leaves: LeafTable
  /// The most bytes of a block of a contiguous box; `nil` stores each box as one block.
  ///
  /// Spec: ARR-44.
  package var pieceSize: Int?
  /// The shardings that leaves refer to.
  package var shardings: [Sharding]
  /// The placements that leaves refer to.
  package var placements: [Placement] = []
  /// Whether `arrays.h5` has a virtual dataset for each leaf that is stored elsewhere.
  ///
  /// Spec: ARR-49.
  package var hasGlobalViews = true
  /// The data files; the first is `arrays.h5`.
  package var files: [DataFile] = []
  /// The index of `arrays.h5`.
  package var index = FileIndex()
  /// The version that the document states.
  package var version = FormatVersion.current
  /// The faults of shards and placements in a document that was read; if there are any, blocks
  /// can't be assigned to leaves.
  package var placeFaults: [CoppiceError] = []
  /// The deviations that were tolerated when the document was read.
  package var warnings: [CoppiceError] = []

  package init(tree: Tree<Int>, leaves: LeafTable, shardings: [Sharding]) {
    self.tree = tree
    self.leaves = leaves
    self.shardings = shardings
  }

  /// Returns the boxes of a leaf that lie in a data file, ascending.
  ///
  /// Spec: SHD-17, SHD-18.
  package func boxes(of leaf: LeafRecord, in file: Int) -> ArraySlice<Int> {
    guard leaf.storage != .none else { return [] }
    if let placement = leaf.placement { return placements[placement].boxes(in: file) }
    return file == 0 ? ArraySlice(leaf.boxes.indices) : []
  }

  /// The names of the data files and of their indexes.
  package var fileNames: [String] {
    files.indices.map(DataFile.name) + files.compactMap { $0.index?.path }
  }

  /// Returns the number of the data file in which a box of a leaf lies.
  package func file(of box: Int, _ leaf: LeafRecord) -> Int {
    leaf.placement.map { placements[$0].files[box] } ?? 0
  }
}

/// The record of one leaf in a tree document.
package struct LeafRecord: Hashable, Sendable {
  package var dtype: DType
  package var shape: Shape
  package var storage: LeafStorage
  /// The grid whose boxes are the shards of a sharded leaf.
  package var shards: ShardGrid?
  /// An index into the document's placements; `nil` where all boxes lie in `arrays.h5`.
  package var placement: Int?
  /// An index into the document's shardings.
  package var sharding: Int?
  /// The random-number implementation of a typed JAX key.
  package var prng: String?

  package init(dtype: DType, shape: Shape, storage: LeafStorage) {
    self.dtype = dtype
    self.shape = shape
    self.storage = storage
  }

  /// The boxes that are stored separately: the shards, or the whole leaf.
  package var boxes: ShardGrid { shards ?? ShardGrid(whole: shape) }

  /// Whether the one box of the leaf is stored in the dataset at its tree path.
  ///
  /// Spec: ARR-33.
  package var isAtPath: Bool { shards == nil && placement == nil }

  /// Returns the byte count of a leaf that is stored whole and unencoded in one block; `nil` for
  /// others.
  ///
  /// - Parameter pieceSize: The document's `piece_size`.
  package func plainByteCount(pieceSize: Int?) -> Int? {
    guard shards == nil, let count = shape.byteCount(of: dtype) else { return nil }
    switch storage {
    case .packed: return count
    case .contiguous: return count <= pieceSize ?? .max ? count : nil
    case .none, .chunked: return nil
    }
  }
}

/// The storage of a leaf's elements, or of the elements of each of its shards.
///
/// Spec: ARR-3.
package enum LeafStorage: Hashable, Sendable {
  /// No storage: the leaf has no elements.
  case none
  /// One contiguous block, or consecutive pieces, in a dataset of its own.
  case contiguous
  /// One contiguous block in a dataset that small leaves share.
  case packed
  /// One block for each cell of a grid of chunks.
  case chunked(ChunkLayout)
}

/// The chunks of a leaf and their encoding.
package struct ChunkLayout: Hashable, Sendable {
  /// The extent of a chunk along each dimension; none is zero.
  package var shape: Shape
  /// Whether bytes are shuffled by element width before compression.
  package var isShuffled: Bool

  package init(shape: Shape, isShuffled: Bool) {
    self.shape = shape
    self.isShuffled = isShuffled
  }

  /// Returns the cells of a box, whose extents limit those of its chunks; `nil` for a box of another
  /// rank.
  ///
  /// Spec: ARR-13, ARR-46.
  package func grid(of box: ArrayBox) -> ChunkGrid? {
    guard let chunk = Shape(zip(shape.dimensions, box.shape.dimensions).map { min($0, $1) })
    else { return nil }
    return ChunkGrid(shape: box.shape, chunk: chunk)
  }
}
