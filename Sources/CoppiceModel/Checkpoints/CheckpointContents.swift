/// The content of one checkpoint as a reader found it: checkpointables are opened when they are asked for,
/// and array data stay where they are.
public struct CheckpointContents: Sendable {
  /// What the checkpoint's top level is.
  public enum Root: Sendable {
    /// Named checkpointables, in order.
    case named([NamedCheckpointable])
    /// One checkpointable without a name, such as a safetensors file.
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

  /// When saving began, where recorded.
  public var initTime: Timestamp?

  /// When the save was committed, where recorded.
  public var commitTime: Timestamp?

  /// Checkpointables that are there and are not listed, each with the error that asking for it throws.
  public var hidden: [HiddenCheckpointable] = []

  /// The path that it was opened at, where it was; a result never takes that path's place.
  package var sourcePath: String?

  /// Whether the format stores digests or checksums of all array data, which reading checks.
  public var hasDigests = false

  /// What was odd yet tolerated in the checkpoint itself, such as a missing commit marker.
  public var warnings: [CoppiceError]

  /// The warnings of the checkpoint and of the checkpointables that were opened so far.
  public var allWarnings: [CoppiceError] {
    guard case .named(let items) = root else { return warnings }
    return warnings + items.flatMap(\.warnings)
  }

  /// Makes contents without step, metrics, metadata, times and warnings.
  public init(format: String, root: Root) {
    self.format = format
    self.root = root
    self.warnings = []
  }
}

extension CheckpointContents {
  /// Returns the first fault that is known without opening any checkpointable.
  ///
  /// - Throws: `io.*`.
  package func knownFault() throws(CoppiceError) -> CoppiceError? {
    guard case .named(let items) = root else { return nil }
    for item in items { if let fault = try item.knownFault() { return fault } }
    return nil
  }
}

/// A checkpointable that a reader leaves out of its list, such as one that is being deleted.
public struct HiddenCheckpointable: Sendable {
  /// The name.
  public var name: String
  /// The error that asking for it by name throws.
  public var reason: CoppiceError

  /// Makes one of its name and the reason.
  public init(name: String, reason: CoppiceError) {
    self.name = name
    self.reason = reason
  }
}

/// What a path turned out to hold.
public enum CheckpointInput: Sendable {
  case checkpoint(CheckpointContents)
  case steps(CheckpointRun)
}

/// A directory of checkpoints, one for each step of a run.
public struct CheckpointRun: Sendable {
  /// One step: its number, its directory or file, and how to open it.
  public struct Step: Sendable {
    /// The step's number.
    public var number: Int
    /// The name inside the run's directory.
    public var name: String
    /// Opens the step's checkpoint.
    public var open: @Sendable () throws(CoppiceError) -> CheckpointContents

    private let check: (@Sendable () throws(CoppiceError) -> CoppiceError?)?

    /// Makes a step.
    ///
    /// - Parameter fault: Returns what is known to be wrong without opening; by default the step is opened.
    public init(
      number: Int, name: String,
      fault: (@Sendable () throws(CoppiceError) -> CoppiceError?)? = nil,
      open: @escaping @Sendable () throws(CoppiceError) -> CheckpointContents
    ) {
      self.number = number
      self.name = name
      self.open = open
      check = fault
    }

    /// Returns what is wrong with the step, as far as its root document and the presence of the files
    /// that this names tell.
    ///
    /// - Throws: `io.*`.
    public func fault() throws(CoppiceError) -> CoppiceError? {
      if let check { return try check() }
      do throws(CoppiceError) {
        return try open().knownFault()
      } catch {
        guard error.code.isInputFault else { throw error }
        return error
      }
    }
  }

  /// The format's name as the tool prints it.
  public var format: String

  /// The steps in ascending order of number.
  public var steps: [Step]

  /// The metadata of the whole run, as its file has them.
  public var rootMetadata: JSON?

  /// The path that it was opened at, where it was.
  package var sourcePath: String?

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
