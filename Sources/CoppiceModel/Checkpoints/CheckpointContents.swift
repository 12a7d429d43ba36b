import Synchronization

/// The contents of a checkpoint; each checkpointable is opened on first use, and array data are
/// read on demand.
public struct CheckpointContents: Sendable {
  /// The top level of a checkpoint.
  public enum Root: Sendable {
    /// Named checkpointables, in order.
    case named([NamedCheckpointable])
    /// One checkpointable without a name, such as a safetensors file.
    case unnamed(Checkpointable)
  }

  /// The format's name as the tool prints it, such as `orbax-v1`.
  public var format: String

  /// The checkpointables.
  public var root: Root

  /// The training step, if the checkpoint records it or is named by it.
  public var step: Int?

  /// The metrics recorded with the checkpoint: a JSON object.
  public var metrics: JSON?

  /// The user's own metadata: a JSON object.
  public var custom: JSON?

  /// The time when saving began, if recorded.
  public var initTime: Timestamp?

  /// The time when the save was committed, if recorded.
  public var commitTime: Timestamp?

  /// Checkpointables that exist but are not listed, each with the error of requesting it.
  public var hidden: [HiddenCheckpointable] = []

  /// The path that the checkpoint was opened from, if any; a conversion never replaces it.
  package var sourcePath: String?

  /// Whether the format stores digests or checksums of all array data, which are checked on
  /// reading.
  public var hasDigests = false

  /// The warnings of the checkpoint itself, such as a missing commit marker.
  public var warnings: [CoppiceError]

  /// The warnings of the checkpoint and of the checkpointables opened so far.
  public var allWarnings: [CoppiceError] {
    guard case .named(let items) = root else { return warnings }
    return warnings + items.flatMap(\.warnings)
  }

  /// Makes contents without step, metrics, metadata, times or warnings.
  public init(format: String, root: Root) {
    self.format = format
    self.root = root
    self.warnings = []
  }
}

extension CheckpointContents {
  /// Returns the first fault that can be found without opening a checkpointable.
  ///
  /// - Throws: `io.*`.
  package func knownFault() throws(CoppiceError) -> CoppiceError? {
    guard case .named(let items) = root else { return nil }
    for item in items { if let fault = try item.knownFault() { return fault } }
    return nil
  }
}

/// A checkpointable that a reader doesn't list, such as one that is being deleted.
public struct HiddenCheckpointable: Sendable {
  /// The name.
  public var name: String
  /// The error of requesting it by name.
  public var reason: CoppiceError

  /// Makes a hidden checkpointable.
  public init(name: String, reason: CoppiceError) {
    self.name = name
    self.reason = reason
  }
}

/// The result of opening a path.
public enum CheckpointInput: Sendable {
  case checkpoint(CheckpointContents)
  case steps(CheckpointRun)
}

/// A run: a directory of checkpoints, one for each step.
public struct CheckpointRun: Sendable {
  /// One step: its number, its name, and a closure that opens it.
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
    /// - Parameters:
    ///   - number: The step.
    ///   - name: The name of its directory.
    ///   - fault: Returns what is known to be wrong without opening; by default the step is opened.
    ///   - open: Opens the step.
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

    /// Returns a fault of the step that its root document and the presence of its files show.
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

  /// Returns the fault of each step, in the order of `steps`; `nil` for a step without one.
  ///
  /// Only root documents are read, and the presence of files is checked.
  ///
  /// - Throws: `io.*`.
  public func faults() throws(CoppiceError) -> [CoppiceError?] {
    let found = Mutex([CoppiceError?](repeating: nil, count: steps.count))
    try ParallelWork.run(count: steps.count) { (index) throws(CoppiceError) in
      guard let fault = try steps[index].fault()?.located(file: steps[index].name) else { return }
      found.withLock { $0[index] = fault }
    }
    return found.withLock(\.self)
  }

  /// The format's name as the tool prints it.
  public var format: String

  /// The steps in ascending order of number.
  public var steps: [Step]

  /// The metadata of the whole run, as stored in its file.
  public var rootMetadata: JSON?

  /// The path that the run was opened from, if any.
  package var sourcePath: String?

  /// The warnings of the run, such as leftovers of an interrupted save.
  public var warnings: [CoppiceError]

  /// Makes a run of steps.
  public init(format: String, steps: [Step], rootMetadata: JSON? = nil) {
    self.format = format
    self.steps = steps
    self.rootMetadata = rootMetadata
    self.warnings = []
  }
}
