package import CoppiceModel

/// `tree.json`: the structure of a tree, the records of its leaves, and the index of their blocks.
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
  /// The HDF5 files; the first is `arrays.h5`.
  package var files: [ArraysFile]
  /// The block index.
  package var blocks: BlockColumns
  /// The version that the document states.
  package var version = FormatVersion.current
  /// The faults of the shards in a document that was read; if there are any, its leaves have no
  /// shards.
  package var shardFaults: [CoppiceError] = []
  /// The deviations that were tolerated when the document was read.
  package var warnings: [CoppiceError] = []

  package init(
    tree: Tree<Int>, leaves: LeafTable, shardings: [Sharding], files: [ArraysFile],
    blocks: BlockColumns
  ) {
    self.tree = tree
    self.leaves = leaves
    self.shardings = shardings
    self.files = files
    self.blocks = blocks
  }
}

/// An HDF5 file of a tree.
package struct ArraysFile: Hashable, Sendable {
  package var name: String
  /// The size of the file in bytes.
  package var size: Int
  /// The digest of all bytes outside the indexed blocks, in file order.
  package var structureDigest: Digest

  package init(name: String, size: Int, structureDigest: Digest) {
    self.name = name
    self.size = size
    self.structureDigest = structureDigest
  }

  /// Returns the name of a tree's file by its index.
  ///
  /// Spec: ARR-21.
  package static func name(_ index: Int) -> String {
    index == 0 ? "arrays.h5" : "arrays.\(index).h5"
  }
}

/// The record of one leaf in a tree document.
package struct LeafRecord: Hashable, Sendable {
  package var dtype: DType
  package var shape: Shape
  package var storage: LeafStorage
  /// The grid whose boxes are the shards of a sharded leaf.
  package var shards: ShardGrid?
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

/// The block index, stored as columns: one row per block.
///
/// Spec: ARR-9.
package struct BlockColumns: Hashable, Sendable {
  /// The index of the file.
  package var file: [Int] = []
  /// The offset of the first byte in the file.
  package var offset: [Int] = []
  /// The number of bytes.
  package var size: [Int] = []
  /// The digest of the bytes as stored.
  package var digest: [UInt64] = []

  package init() {}

  /// The number of blocks.
  package var count: Int { offset.count }
}
