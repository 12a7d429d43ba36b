public import CoppiceModel
public import SystemPackage

/// The choices of a `Checkpointer`.
public struct CheckpointerOptions: Sendable {
  /// What becomes of steps that don't stay.
  public enum Deletion: Hashable, Sendable {
    /// They are deleted at once.
    case remove
    /// They are moved into a directory on the same file system, for others to delete; a relative
    /// path lies in the root.
    case move(into: FilePath)
  }

  /// Which steps are saved: every one, unless another policy is chosen.
  public var saveDecision = SaveDecisionPolicy.always

  /// Which steps stay.
  public var preservation = PreservationPolicy.all

  /// How steps are named, and which names are read.
  public var stepNames = StepNameFormat.any

  /// Metadata of the whole run, a JSON object: written unless the root has some already.
  public var rootMetadata: JSON?

  /// Whether nothing is ever written, deleted or cleaned up, as evaluators need it; the root may then
  /// be one of another format, and need not exist yet.
  public var isReadOnly = false

  /// Whether the root is made, with the directories above it, when it isn't there.
  public var createsRoot = true

  /// Whether what dead writers left is deleted when the root is opened; living ones are never
  /// disturbed.
  public var cleansUp = true

  /// What becomes of steps that don't stay.
  public var deletion = Deletion.remove

  /// How steps are stored; step, metrics, metadata and target are those of each save.
  public var saving = SaveOptions()

  /// Which formats are read, and what is trusted.
  public var opening = OpenOptions()

  /// How values of the program's own types become parts of a checkpoint, and back.
  public var handlers = HandlerRegistry()

  /// What the directories that are made may be used for, and without the permission to execute the
  /// files; `nil` leaves it to the process's mask.
  public var permissions: FilePermissions?

  /// The longest that one save may take once it has begun; `nil` sets no limit.
  public var timeout: Duration?

  /// The number of saves that may be under way at once; a further call waits until one has ended.
  ///
  /// Each holds on to its arrays. Less than 1 counts as 1.
  public var maximumPendingSaves = 1

  /// Called after each commit, before anything is deleted.
  ///
  /// What it throws fails the save with `operation.callback`; the step stays saved, and nothing is
  /// deleted.
  public var postFinalization: (@Sendable (CheckpointInfo) throws -> Void)?

  /// The notice that `SaveDecisionPolicy.preemption` waits for.
  public var preemption: PreemptionNotice?

  /// Told of what went wrong beside the matter itself, such as an old step that can't be deleted.
  public var onWarning: (@Sendable (CoppiceError) -> Void)?

  /// Makes the standard choices: every step is saved, and all stay.
  public init(
    saveDecision: SaveDecisionPolicy = .always, preservation: PreservationPolicy = .all,
    stepNames: StepNameFormat = .any
  ) {
    self.saveDecision = saveDecision
    self.preservation = preservation
    self.stepNames = stepNames
  }

  /// The choices of a reader that never writes.
  public static func readOnly(opening: OpenOptions = OpenOptions()) -> Self {
    var options = Self()
    options.isReadOnly = true
    options.opening = opening
    return options
  }
}
