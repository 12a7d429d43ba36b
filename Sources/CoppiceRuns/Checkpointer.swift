import CoppiceFiles
public import CoppiceModel
import Dispatch
import Synchronization
public import SystemPackage

/// Saves the steps of a training loop below one directory, keeps those worth keeping, and finds them
/// again.
///
/// ```swift
/// let checkpointer = try Checkpointer("runs/7")
/// let start = checkpointer.latest?.step
/// if let start { state = try await checkpointer.load(step: start) }
/// for step in (start.map { $0 + 1 } ?? 0)..<100 {
///   state = train(state)
///   try await checkpointer.saveAsync(step: step, state).get()
/// }
/// try await checkpointer.close()
/// ```
///
/// Every step that is asked for is saved, unless `CheckpointerOptions.saveDecision` is a policy that
/// leaves steps out: each call says what became of its step. After `close()` the last one is there.
///
/// A step appears whole or not at all. Saves and deletions run one after the other, in the order in
/// which they were asked for; loads run beside them. All members may be used from any task. One
/// process writes to a root at a time; any number may read.
///
/// What was found when the root was opened is kept, with what this checkpointer does to it;
/// `reload()` looks again.
public final class Checkpointer: Sendable {
  /// The root of steps, as an absolute path.
  public let directory: FilePath

  /// The choices that the checkpointer was made with.
  public let options: CheckpointerOptions

  let root: RunDirectory

  /// Where everything that writes runs, in order.
  let queue = DispatchQueue(label: "coppice.checkpointer", qos: .userInitiated)

  /// The places of the saves that may be under way at once.
  let slots: SaveSlots

  struct State {
    var listing: RunListing
    /// Saves that haven't ended, in order.
    var pending: [StepSave] = []
    /// Errors of saves that nobody has awaited so far.
    var failures: [(outcome: StepSave.Outcome, error: CoppiceError)] = []
    var isClosed = false
    /// Counts the changes.
    var generation = 0
  }

  let state: Mutex<State>

  /// Opens a root of steps: makes it where there is none, and cleans up what dead writers left.
  ///
  /// Only names and root documents are read: some tens of microseconds for each step.
  ///
  /// - Throws: `usage.choice` when the directory is a checkpoint, or a run of another format that is
  ///   to be written to; `usage.address`; `directory.duplicate-step`; `io.*`.
  public init(
    _ directory: FilePath, options: CheckpointerOptions = CheckpointerOptions()
  ) throws(CoppiceError) {
    try directory.requireNoAddress()
    let directory = directory.fromWorkingDirectory
    self.directory = directory
    self.options = options
    root = RunDirectory(path: directory, options: options)
    slots = SaveSlots(options.maximumPendingSaves)
    state = Mutex(State(listing: try root.prepare()))
  }

  /// The step with the greatest number of those that are not known to be faulty.
  public var latest: CheckpointInfo? { state.withLock(\.listing).latest }

  /// All steps in ascending order, faulty ones among them.
  public var checkpoints: [CheckpointInfo] { state.withLock(\.listing.infos) }

  /// The best step by a metric; of equally good ones, the latest.
  ///
  /// A faulty step is never the best.
  public func best(by metric: StepMetric) -> CheckpointInfo? {
    metric.best(of: checkpoints.filter { $0.fault == nil })
  }

  /// The metadata of the whole run, a JSON object, where it has some.
  public var rootMetadata: JSON? { state.withLock(\.listing.metadata) }

  /// What was odd in the root yet tolerated, such as checkpoints that are no steps.
  public var warnings: [CoppiceError] { state.withLock(\.listing.warnings) }

  /// Whether a save has begun and not ended.
  public var isSaving: Bool { state.withLock { !$0.pending.isEmpty } }

  /// Looks again what there is, after what other processes did.
  ///
  /// - Throws: As opening the root.
  public func reload() async throws(CoppiceError) {
    try await BlockingWork.run(OperationMonitor(), on: queue) { () throws(CoppiceError) in
      let listing = try self.root.list()
      self.state.withLock { state in
        state.listing = listing
        state.generation &+= 1
      }
    }
  }

  /// Replaces the metadata of the whole run.
  ///
  /// - Throws: `usage.read-only`, `usage.closed`, `usage.choice` when they are no JSON object; `io.*`.
  public func setRootMetadata(_ metadata: JSON) async throws(CoppiceError) {
    try checkWriting()
    try await BlockingWork.run(OperationMonitor(), on: queue) { () throws(CoppiceError) in
      try self.root.write(metadata, isReplacing: true)
      self.state.withLock { state in
        state.listing.metadata = metadata
        state.listing.isMarked = true
      }
    }
  }

  /// Waits until everything that has begun is done.
  ///
  /// - Throws: The first error of a save that nobody has awaited.
  public func wait() async throws(CoppiceError) {
    for save in state.withLock(\.pending) { await save.ended() }
    try throwFailure()
  }

  /// Waits until everything that has begun is done, and takes no more.
  ///
  /// Loads are still possible. A save of another task that still waits for its turn throws
  /// `usage.closed`.
  ///
  /// - Throws: The first error of a save that nobody has awaited.
  public func close() async throws(CoppiceError) {
    state.withLock { state in
      state.isClosed = true
      state.generation &+= 1
    }
    try await wait()
  }

  /// Checks that the checkpointer may write.
  func checkWriting() throws(CoppiceError) {
    guard !options.isReadOnly else {
      throw CoppiceError(
        .usageReadOnly, "the root was opened for reading only", at: .init(file: directory.string))
    }
    guard !state.withLock(\.isClosed) else {
      throw CoppiceError(
        .usageClosed, "the checkpointer was closed", at: .init(file: directory.string))
    }
  }

  /// Throws the first error that nobody has awaited, once.
  func throwFailure() throws(CoppiceError) {
    let failure: CoppiceError? = state.withLock { state in
      state.failures.removeAll { $0.outcome.isAwaited.load(ordering: .relaxed) }
      return state.failures.isEmpty ? nil : state.failures.removeFirst().error
    }
    if let failure { throw failure }
  }
}
