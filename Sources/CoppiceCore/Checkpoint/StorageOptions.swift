public import CoppiceModel
import CoppiceStorage

/// The way arrays are stored by a save, which matters to no reader.
public struct StorageOptions: Sendable {
  /// A compression of array data.
  public enum Compression: Hashable, Sendable {
    /// No compression: fastest to save, load and map.
    case uncompressed
    /// A byte shuffle followed by Zstandard.
    ///
    /// A higher level, 1 to 22, searches harder for repetitions. Large chunks without repetitions,
    /// as weights and moments usually are, get the fastest search at every level: it makes their
    /// frames the smallest.
    case zstd(level: Int = 1)
  }

  /// The guarantee that the save gives when it returns.
  public var durability = Durability.durable

  /// The compression of array data.
  public var compression = Compression.uncompressed

  /// The storage of the arrays whose path, or a container's path above them, matches a pattern:
  /// `options.leaves["params/**"] = LeafStorage(dtype: .bfloat16)`.
  ///
  /// Paths are those inside a tree. Where several patterns match an array, the later ones replace
  /// what the earlier ones say. A pattern that matches no array of any saved tree is an error,
  /// `usage.tree-path`.
  public var leaves: NamedValues<LeafStorage> = [:]

  /// The metadata of a checkpoint whose shardings are recorded again, usually the one that the
  /// arrays were loaded from.
  ///
  /// An array gets the sharding of the array at the same path of this tree if it has as many
  /// dimensions, and the random-number implementation if it also has the same type. As in a load,
  /// paths are compared by names alone. A save of which no tree has an array at the path of one
  /// with a sharding is an error, `usage.tree-path`.
  public var like: Tree<ArrayMetadata>?

  /// Whether small arrays of large trees are packed into shared blocks.
  ///
  /// Packing makes saving and loading faster, but HDF5 tools then find such arrays only by the
  /// recipe of the specification (ARR-38).
  public var packsSmallArrays = true

  /// The number of data files; all are open until the save is done.
  ///
  /// With two or more, the arrays lie in `arrays.1.h5` and following, and `arrays.h5` has virtual
  /// datasets of them. A save that isn't `durable` writes into the page cache, to which only one
  /// thread at a time can add bytes of one file: with two files it can be 1.5 times as fast.
  public var dataFiles = 1

  /// The greatest size of a data file in bytes; `nil` sets no limit.
  ///
  /// A shard that is larger than the limit is stored whole.
  public var maximumFileBytes: Int?

  /// A function that returns the boxes in which an array is stored; `nil` stores it whole.
  ///
  /// The boxes are those of a grid, in any order; otherwise the save throws `sharding.bad-shards`.
  public var shards: (@Sendable (TreePath, ArrayMetadata) -> [ArrayBox]?)?

  /// The treatment of bools whose byte is neither 0 nor 1, which code outside Swift may produce.
  public var boolValues = BoolValues.refuse

  /// Creates options; what isn't given has its default.
  public init(
    durability: Durability = .durable, compression: Compression = .uncompressed,
    leaves: NamedValues<LeafStorage> = [:], like: Tree<ArrayMetadata>? = nil
  ) {
    self.durability = durability
    self.compression = compression
    self.leaves = leaves
    self.like = like
  }
}

/// The storage of some arrays of a save; what is `nil` is as for all other arrays.
public struct LeafStorage: Sendable {
  /// The element type to which the arrays are cast.
  public var dtype: DType?

  /// The limit to which such a cast may change values.
  public var castMode: CastMode

  /// The compression.
  public var compression: StorageOptions.Compression?

  /// A function that returns the boxes in which an array is stored; `nil` stores it whole.
  public var shards: (@Sendable (ArrayMetadata) -> [ArrayBox]?)?

  /// Creates the storage of some arrays.
  public init(
    dtype: DType? = nil, castMode: CastMode = .rounding,
    compression: StorageOptions.Compression? = nil,
    shards: (@Sendable (ArrayMetadata) -> [ArrayBox]?)? = nil
  ) {
    self.dtype = dtype
    self.castMode = castMode
    self.compression = compression
    self.shards = shards
  }
}

extension StorageOptions {
  /// Returns the writer's options that these options mean.
  ///
  /// - Throws: `usage.*` for a pattern that is none.
  package func writing() throws(CoppiceError) -> WriteOptions {
    var options = WriteOptions()
    options.durability = durability
    options.tree.zstdLevel = compression.zstdLevel
    if !packsSmallArrays { options.tree.packing = nil }
    options.tree.dataFiles = dataFiles
    options.tree.maximumFileBytes = maximumFileBytes
    options.tree.shards = shards
    options.tree.boolValues = boolValues
    guard !leaves.isEmpty else { return options }
    let (rules, compression, shards) = (try LeafRules(leaves), compression, shards)
    options.tree.zstdLevels = { path in (rules[path].compression ?? compression).zstdLevel }
    options.tree.shards = { path, metadata in
      if let own = rules[path].shards { return own(metadata) }
      return shards?(path, metadata)
    }
    return options
  }

  /// Returns checkpointables with their arrays cast, and with the recorded shardings.
  ///
  /// - Throws: `usage.*` for a pattern that is none; `usage.tree-path`; `cast.unsupported`.
  package func prepared(
    _ items: [NamedCheckpointable]
  ) throws(CoppiceError) -> [NamedCheckpointable] {
    var items = items
    if !leaves.isEmpty { items = try LeafRules(leaves).cast(items) }
    if let like { items = try RecordedMetadata(like).record(in: items) }
    return items
  }
}

extension StorageOptions.Compression {
  fileprivate var zstdLevel: Int? {
    switch self {
    case .uncompressed: nil
    case .zstd(let level): level
    }
  }
}
