package import CoppiceModel

/// `tree.json`: the structure of a tree, what each leaf is, and where every block of it lies.
///
/// Spec: MET-31.
package struct TreeDocument: Sendable {
  /// The value of `format`.
  package static let format = "coppice.tree"

  /// The structure; a leaf is its ordinal, counted depth first from 0.
  package var tree: Tree<Int>
  /// The leaves by ordinal.
  package var leaves: LeafTable
  /// The most bytes of a block of a contiguous box; `nil` leaves each box whole.
  ///
  /// Spec: ARR-44.
  package var pieceSize: Int?
  /// The shardings that leaves refer to.
  package var shardings: [Sharding]
  /// The HDF5 files; the first is `arrays.h5`.
  package var files: [ArraysFile]
  /// Where the blocks lie.
  package var blocks: BlockColumns
  /// The version that the document states.
  package var version = FormatVersion.current
  /// What is wrong with the shards of a document that was read; its leaves' shards are empty then.
  package var shardFaults: [CoppiceError] = []
  /// What was odd in the document as read, yet tolerated.
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

  /// The name of a tree's file by its index.
  ///
  /// Spec: ARR-21.
  package static func name(_ index: Int) -> String {
    index == 0 ? "arrays.h5" : "arrays.\(index).h5"
  }
}

/// What a tree document says of one leaf.
package struct LeafRecord: Hashable, Sendable {
  package var dtype: DType
  package var shape: Shape
  package var storage: LeafStorage
  /// The boxes that the leaf is stored as, where it is sharded: in order of their offsets.
  package var shards: [ArrayBox]?
  /// An index into the document's shardings.
  package var sharding: Int?
  /// The random-number implementation of a typed JAX key.
  package var prng: String?

  package init(dtype: DType, shape: Shape, storage: LeafStorage) {
    self.dtype = dtype
    self.shape = shape
    self.storage = storage
  }

  /// The boxes that are stored one by one: the shards, or the whole leaf.
  package var boxes: [ArrayBox] { shards ?? [ArrayBox(whole: shape)] }

  /// The bytes of a leaf that lies whole and uncoded in one block; `nil` for any other.
  ///
  /// - Parameter pieceSize: That of the document.
  package func plainByteCount(pieceSize: Int?) -> Int? {
    guard shards == nil, let count = shape.byteCount(of: dtype) else { return nil }
    switch storage {
    case .packed: return count
    case .contiguous: return count <= pieceSize ?? .max ? count : nil
    case .none, .chunked: return nil
    }
  }
}

/// How the elements of a leaf, or of each of its shards, are stored.
///
/// Spec: ARR-3.
package enum LeafStorage: Hashable, Sendable {
  /// There are no elements.
  case none
  /// One unbroken block, or pieces one after the other, in a dataset of its own.
  case contiguous
  /// One unbroken block in a dataset that small leaves share.
  case packed
  /// One block for each cell of a grid of chunks.
  case chunked(ChunkLayout)
}

/// How a leaf is cut into chunks, and how each is coded.
package struct ChunkLayout: Hashable, Sendable {
  /// The extent of a chunk along each dimension; none is zero.
  package var shape: Shape
  /// Whether bytes are shuffled by element width before compression.
  package var isShuffled: Bool

  package init(shape: Shape, isShuffled: Bool) {
    self.shape = shape
    self.isShuffled = isShuffled
  }
}

/// The block index: one row a block, in columns.
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
