import CoppiceFormat
public import CoppiceModel
import CoppiceStorage

/// The options of a save.
public struct SaveOptions: Sendable {
  /// The treatment of an existing file or directory at the target's path.
  public enum Target: Hashable, Sendable {
    /// The path must be free; otherwise the save throws `operation.exists`.
    case new
    /// An existing checkpoint is replaced when the save commits, and stays until then.
    ///
    /// It must be a checkpoint of Coppice's own format whose documents name everything in it;
    /// otherwise the save throws `operation.not-replaceable`.
    case replacingExisting
  }

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

  /// The treatment of an existing file or directory at the target's path.
  public var target = Target.new

  /// The guarantee that the save gives when it returns.
  public var durability = Durability.durable

  /// The compression of array data.
  public var compression = Compression.uncompressed

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

  /// The training step at which the checkpoint was taken.
  public var step: Int?

  /// Metrics to record: a JSON object.
  public var metrics: JSON?

  /// The user's own metadata: a JSON object.
  public var custom: JSON?

  /// Creates the default options: a new, durable, uncompressed checkpoint.
  public init(target: Target = .new) { self.target = target }

  /// The writer's options that these options mean.
  package var writing: WriteOptions {
    var options = WriteOptions()
    options.isReplacing = target == .replacingExisting
    options.durability = durability
    if case .zstd(let level) = compression { options.tree.zstdLevel = level }
    if !packsSmallArrays { options.tree.packing = nil }
    options.tree.dataFiles = dataFiles
    options.tree.maximumFileBytes = maximumFileBytes
    options.tree.shards = shards
    options.tree.boolValues = boolValues
    return options
  }

  /// Returns the contents of a checkpoint: named checkpointables, and the metadata of these
  /// options.
  package func contents(_ items: [NamedCheckpointable]) -> CheckpointContents {
    var contents = CheckpointContents(format: CheckpointReader.formatName, root: .named(items))
    contents.step = step
    contents.metrics = metrics
    contents.custom = custom
    return contents
  }
}
