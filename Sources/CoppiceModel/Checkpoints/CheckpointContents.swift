/// Everything that one checkpoint holds, as a reader found it; array data stay where they are.
public struct CheckpointContents: Sendable {
  /// What the checkpoint's top level is.
  public enum Root: Sendable {
    /// Named parts, in order.
    case named([NamedCheckpointable])
    /// One part without a name, such as a safetensors file.
    case unnamed(Checkpointable)
  }

  /// The format's name as the tool prints it, such as `orbax-v1`.
  public var format: String

  /// What the checkpoint holds.
  public var root: Root

  /// The training step, where the checkpoint records or is named for one.
  public var step: Int?

  /// The metrics recorded with the checkpoint: a JSON object.
  public var metrics: JSON?

  /// The user's own metadata: a JSON object.
  public var custom: JSON?

  /// When saving began, in nanoseconds since 1970, where recorded.
  public var initTime: Int?

  /// When the save was committed, in nanoseconds since 1970, where recorded.
  public var commitTime: Int?

  /// What was odd yet tolerated, such as a missing commit marker.
  public var warnings: [CoppiceError]

  /// Makes contents without step, metrics, metadata, times and warnings.
  public init(format: String, root: Root) {
    self.format = format
    self.root = root
    self.warnings = []
  }
}

/// What a path turned out to hold.
public enum CheckpointInput: Sendable {
  case checkpoint(CheckpointContents)
  case steps(CheckpointSteps)
}

/// A directory of checkpoints, one for each step of a run.
public struct CheckpointSteps: Sendable {
  /// One step: its number, its directory or file, and how to open it.
  public struct Step: Sendable {
    /// The step's number.
    public var number: Int
    /// The name inside the root directory.
    public var name: String
    /// Opens the step's checkpoint.
    public var open: @Sendable () throws(CoppiceError) -> CheckpointContents

    /// Makes a step.
    public init(
      number: Int, name: String,
      open: @escaping @Sendable () throws(CoppiceError) -> CheckpointContents
    ) {
      self.number = number
      self.name = name
      self.open = open
    }
  }

  /// The format's name as the tool prints it.
  public var format: String

  /// The steps in ascending order of number.
  public var steps: [Step]

  /// The metadata of the whole run, as its file has them.
  public var rootMetadata: JSON?

  /// What was odd yet tolerated, such as the leavings of an interrupted save.
  public var warnings: [CoppiceError]

  /// Makes a run of steps.
  public init(format: String, steps: [Step], rootMetadata: JSON? = nil) {
    self.format = format
    self.steps = steps
    self.rootMetadata = rootMetadata
    self.warnings = []
  }
}
