public import CoppiceModel

/// The options of a save; those of ``StorageOptions`` are properties too:
/// `options.compression = .zstd()`.
@dynamicMemberLookup
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

  /// The treatment of an existing file or directory at the target's path.
  public var target: Target

  /// The training step at which the checkpoint was taken.
  public var step: Int?

  /// Metrics to record: a JSON object.
  public var metrics: JSON?

  /// The user's own metadata: a JSON object.
  public var custom: JSON?

  /// The way arrays are stored.
  public var storage: StorageOptions

  /// Creates options; by default, of a new, durable, uncompressed checkpoint.
  public init(
    target: Target = .new, step: Int? = nil, metrics: JSON? = nil, custom: JSON? = nil,
    storage: StorageOptions = StorageOptions()
  ) {
    self.target = target
    self.step = step
    self.metrics = metrics
    self.custom = custom
    self.storage = storage
  }

  /// A property of `storage`.
  public subscript<Value>(dynamicMember property: WritableKeyPath<StorageOptions, Value>) -> Value {
    get { storage[keyPath: property] }
    set { storage[keyPath: property] = newValue }
  }

  /// Returns the writer's options that these options mean.
  ///
  /// - Throws: `usage.*` for a pattern that is none.
  func writing() throws(CoppiceError) -> WriteOptions {
    var options = try storage.writing()
    options.isReplacing = target == .replacingExisting
    return options
  }

  /// Returns the contents of a checkpoint: named checkpointables, and the metadata of these
  /// options.
  ///
  /// - Throws: As preparing the checkpointables does.
  package func contents(
    _ items: [NamedCheckpointable]
  ) throws(CoppiceError) -> CheckpointContents {
    var contents = CheckpointContents(
      format: CheckpointReader.formatName, root: .named(try storage.prepared(items)))
    contents.step = step
    contents.metrics = metrics
    contents.custom = custom
    return contents
  }
}
