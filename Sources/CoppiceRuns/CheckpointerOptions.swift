public import CoppiceModel
public import SystemPackage

/// The choices of a `Checkpointer`.
public struct CheckpointerOptions: Sendable {
  /// The treatment of steps that the policy doesn't keep.
  public enum Deletion: Hashable, Sendable {
    /// Deletes the steps at once.
    case remove
    /// Moves the steps into a directory on the same file system, for another program to delete; a
    /// relative path is relative to the run.
    case move(into: FilePath)
  }

  /// The policy that chooses which steps are saved; every step by default.
  public var saveDecision = SaveDecisionPolicy.always

  /// The policy that chooses which steps stay; all steps by default.
  public var preservation = PreservationPolicy.all

  /// The format of new step names, and the names that are read.
  public var stepNames = StepNameFormat.any

  /// The metadata of the whole run, a JSON object; written unless the run has some already.
  public var rootMetadata: JSON?

  /// Whether the checkpointer never writes, deletes or cleans up, as evaluators need it.
  ///
  /// The run may then have another format, and need not exist yet.
  public var isReadOnly = false

  /// Whether to create the run, with its parent directories, if it doesn't exist.
  public var createsRoot = true

  /// Whether opening the run deletes the leftovers of dead writers; living writers are never
  /// disturbed.
  public var cleansUp = true

  /// The treatment of steps that the policy doesn't keep.
  public var deletion = Deletion.remove

  /// The way arrays are stored.
  public var storage = StorageOptions()

  /// The treatment of differences between requested and saved trees, for loads that don't say.
  public var loading = TreeLoadOptions()

  /// The choice of what to do when a step is damaged, for loads that don't say.
  public var fallback = StepFallback.refuse

  /// The formats that are read, and the trust in their contents.
  public var opening = OpenOptions()

  /// The handlers that turn values of the program's own types into checkpointables, and back.
  public var handlers = HandlerRegistry()

  /// The mode of created directories; files get it without the execute bits; `nil` uses the umask.
  public var permissions: FilePermissions?

  /// The time limit of one save, from its beginning; `nil` sets no limit.
  public var timeout: Duration?

  /// The number of saves that may be under way at once; a further call waits until one has ended.
  ///
  /// Each save retains its arrays until it has ended. Less than 1 counts as 1.
  public var maximumPendingSaves = 1

  /// A function called after each commit, before any step is deleted.
  ///
  /// If it throws, the save fails with `operation.callback`; the step stays saved, and no step is
  /// deleted.
  public var postFinalization: (@Sendable (CheckpointInfo) throws -> Void)?

  /// The notice that `SaveDecisionPolicy.preemption` waits for.
  public var preemption: PreemptionNotice?

  /// A function called for failures that don't fail the save, such as an old step that can't be
  /// deleted.
  public var onWarning: (@Sendable (CoppiceError) -> Void)?

  /// Makes choices; by default, every step is saved, and all steps stay.
  public init(
    saveDecision: SaveDecisionPolicy = .always, preservation: PreservationPolicy = .all,
    stepNames: StepNameFormat = .any, storage: StorageOptions = StorageOptions(),
    opening: OpenOptions = OpenOptions()
  ) {
    self.saveDecision = saveDecision
    self.preservation = preservation
    self.stepNames = stepNames
    self.storage = storage
    self.opening = opening
  }

  /// Returns the choices of a reader that never writes.
  public static func readOnly(opening: OpenOptions = OpenOptions()) -> Self {
    var options = Self(opening: opening)
    options.isReadOnly = true
    return options
  }
}
