import CoppiceFiles
public import CoppiceModel
import Dispatch
import Synchronization
public import SystemPackage

/// A manager of the steps of one training run: it saves steps in one directory, deletes those that
/// needn't stay, and loads them again.
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
/// The checkpointer saves each step it is given, unless the policy in
/// `CheckpointerOptions.saveDecision` skips it; the result of each call says which. `close()` waits
/// for the last save.
///
/// A step appears whole or not at all. Saves and deletions run one after the other, in the order of
/// the calls; loads run beside them. All members may be used from any task. One process, or one
/// group of processes, may write to a run at a time; any number may read it.
///
/// The checkpointer keeps the list of steps that it found on opening, and updates it with its own
/// changes; call `reload()` to see changes of other processes.
public final class Checkpointer: Sendable {
  /// The directory of the run, as an absolute path.
  public let directory: FilePath

  /// The choices that the checkpointer was made with.
  public let options: CheckpointerOptions

  let root: RunDirectory

  /// The ranks that have the run together, if it isn't one process that has it.
  let members: RunGroup?

  /// The serial queue that runs everything that writes.
  let queue = DispatchQueue(label: "coppice.checkpointer", qos: .userInitiated)

  /// The slots of the saves that may be under way at once.
  let slots: SaveSlots

  struct State {
    var listing: RunListing
    /// The saves that haven't ended, in order.
    var pending: [StepSave] = []
    /// The errors of saves whose results nothing has awaited so far.
    var failures: [(outcome: StepSave.Outcome, error: CoppiceError)] = []
    /// The number of saves that were begun.
    var saveCount = 0
    var isClosed = false
    /// The number of changes so far.
    var generation = 0
  }

  let state: Mutex<State>

  /// Opens a run: creates the directory if it doesn't exist, and deletes the leftovers of dead
  /// writers.
  ///
  /// Only names and root documents are read, which takes some tens of microseconds for each step.
  ///
  /// - Throws: `usage.choice` when the directory is a checkpoint, or a run of another format that is
  ///   to be written to; `usage.address`; `directory.duplicate-step`; `io.*`.
  public convenience init(
    _ directory: some FilePathConvertible, options: CheckpointerOptions = CheckpointerOptions()
  ) throws(CoppiceError) {
    let path = directory.filePath
    try path.requireNoAddress()
    let root = RunDirectory(path: path.fromWorkingDirectory, options: options)
    self.init(root, try root.prepare(), nil)
  }

  /// Makes a checkpointer of a run whose steps are known.
  init(_ root: RunDirectory, _ listing: RunListing, _ members: RunGroup?) {
    self.root = root
    self.members = members
    directory = root.path
    options = root.options
    slots = SaveSlots(options.maximumPendingSaves)
    state = Mutex(State(listing: listing))
  }

  /// The step with the greatest number among those not known to be faulty.
  public var latest: CheckpointInfo? { state.withLock(\.listing).latest }

  /// All steps in ascending order, including faulty ones.
  public var checkpoints: [CheckpointInfo] { state.withLock(\.listing.infos) }

  /// Returns the best step by a metric; of equally good ones, the latest.
  ///
  /// A faulty step is never the best.
  public func best(by metric: StepMetric) -> CheckpointInfo? {
    metric.best(of: checkpoints.filter { $0.fault == nil })
  }

  /// The metadata of the whole run, a JSON object, if there are any.
  public var rootMetadata: JSON? { state.withLock(\.listing.metadata) }

  /// The oddities of the run that were tolerated, such as checkpoints that are no steps.
  public var warnings: [CoppiceError] { state.withLock(\.listing.warnings) }

  /// Whether a save is under way.
  public var isSaving: Bool { state.withLock { !$0.pending.isEmpty } }

  /// Lists the steps again, to see changes made by other processes.
  ///
  /// - Throws: The errors of opening the run.
  public func reload() async throws(CoppiceError) {
    try await change(named: "reload") { () throws(CoppiceError) in
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
    try await change(named: "metadata") { () throws(CoppiceError) in
      try self.root.write(metadata, isReplacing: true)
      self.state.withLock { state in
        state.listing.metadata = metadata
        state.listing.isMarked = true
      }
    }
  }

  /// Waits until all pending saves have ended.
  ///
  /// - Throws: The first error of a save whose `result()` was never awaited.
  public func wait() async throws(CoppiceError) {
    for save in state.withLock(\.pending) { await save.ended() }
    guard let members else { return try throwFailure() }
    _ = try await report(to: members, "wait", []) { (_) throws(CoppiceError) in [] }
  }

  /// Waits until all pending saves have ended, and refuses further ones.
  ///
  /// Loads are still possible. A save of another task that is still waiting for a slot throws
  /// `usage.closed`.
  ///
  /// - Throws: The first error of a save whose `result()` was never awaited.
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

  /// Throws, once, the first error of a save whose result nothing has awaited.
  func throwFailure() throws(CoppiceError) {
    if let failure = takeFailure() { throw failure.error }
  }

  /// Returns, once, the first error of a save whose result nothing has awaited.
  func takeFailure() -> (outcome: StepSave.Outcome, error: CoppiceError)? {
    state.withLock { state in
      state.failures.removeAll { $0.outcome.isAwaited.load(ordering: .relaxed) }
      return state.failures.isEmpty ? nil : state.failures.removeFirst()
    }
  }
}
