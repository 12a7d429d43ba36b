import CoppiceFormat
public import CoppiceModel
import CoppiceStorage

/// The choices of a save.
public struct SaveOptions: Sendable {
  /// What is done when something already has the target's name.
  public enum Target: Hashable, Sendable {
    /// Nothing may have the name: `operation.exists` otherwise.
    case new
    /// A checkpoint that has the name is replaced at the moment of the commit, and stays until then.
    ///
    /// Only a checkpoint of this format is, and only if its documents name all that is in it:
    /// `operation.not-replaceable` otherwise.
    case replacingExisting
  }

  /// How the bytes of arrays are stored.
  public enum Compression: Hashable, Sendable {
    /// As they are: fastest to save, load and map.
    case uncompressed
    /// Zstandard behind a byte shuffle.
    ///
    /// The level, 1 to 22, says how hard repeats are looked for where there are any. Large chunks that
    /// look like noise, as weights and moments do, get the fastest search at every level: it makes
    /// their frames the smallest.
    case zstd(level: Int = 1)
  }

  /// What is done when something already has the target's name.
  public var target = Target.new

  /// What is promised when the save returns.
  public var durability = Durability.durable

  /// How the bytes of arrays are stored.
  public var compression = Compression.uncompressed

  /// Whether small arrays of large trees are put together: fewer and faster files, but in HDF5 tools
  /// such arrays need the recipe of the specification (ARR-38).
  public var packsSmallArrays = true

  /// How many files hold the arrays; all are open until the save is done.
  ///
  /// With two or more they are `arrays.1.h5` and on, and `arrays.h5` has virtual datasets of them.
  /// A save that isn't `durable` puts all its bytes into the page cache, which takes those of one
  /// file from one thread at a time: over two files it can be half as fast again.
  public var dataFiles = 1

  /// The most bytes of one data file, as far as single shards allow; `nil` sets no limit.
  public var maximumFileBytes: Int?

  /// Gives the boxes that an array is to be stored as; `nil` stores it whole.
  public var shards: (@Sendable (TreePath, ArrayMetadata) -> [ArrayBox]?)?

  /// The treatment of bools whose byte is neither 0 nor 1, as code outside Swift may leave them.
  public var boolValues = BoolValues.refuse

  /// The training step that the checkpoint is of.
  public var step: Int?

  /// Metrics to record: a JSON object.
  public var metrics: JSON?

  /// The user's own metadata: a JSON object.
  public var custom: JSON?

  /// Makes the standard choices: a new, durable, uncompressed checkpoint.
  public init(target: Target = .new) { self.target = target }

  /// The same for the writer.
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

  /// The contents of a checkpoint of named parts, with what these choices add.
  package func contents(_ items: [NamedCheckpointable]) -> CheckpointContents {
    var contents = CheckpointContents(format: CheckpointReader.formatName, root: .named(items))
    contents.step = step
    contents.metrics = metrics
    contents.custom = custom
    return contents
  }
}
