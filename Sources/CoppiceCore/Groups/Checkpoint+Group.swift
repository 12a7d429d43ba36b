public import CoppiceModel
public import CoppiceProcessGroup
import CoppiceState
import CoppiceStorage
import SystemPackage

/// The longest time that a rank waits for the others by default: 20 minutes.
public let defaultGroupWait = Duration.seconds(1200)

extension Checkpoint {
  /// Saves one tree under the name `state` by all ranks of a group, and returns when it is committed.
  ///
  /// All ranks call this with the same tree, in which a leaf is the same on all ranks or has the boxes that the rank
  /// holds. Each rank writes what it holds to a file of its own; what several ranks hold is written once.
  ///
  /// Memory of each rank: some megabytes beside its own arrays.
  ///
  /// - Parameters:
  ///   - tree: The tree, with what this rank holds of its arrays.
  ///   - path: The checkpoint to create, on a file system that all ranks share; that of rank 0 counts.
  ///   - options: The same on all ranks; step, metrics and metadata are taken from rank 0.
  ///   - group: The ranks that save.
  ///   - waitLimit: The longest time that a rank waits for the others.
  /// - Throws: On all ranks the same: `structure.mismatch` when ranks give different trees, naming these;
  ///   `sharding.bad-shards` for boxes that aren't those of a grid; `usage.device`; `operation.absent-rank` and
  ///   `operation.broken-group` when a rank doesn't come; otherwise as saving by one process, with the ranks that
  ///   failed. The target then stays as it was.
  public static func save(
    _ tree: Tree<GlobalArray>, to path: some FilePathConvertible,
    options: SaveOptions = SaveOptions(), group: any ProcessGroup,
    waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) {
    try await saveCheckpointables(
      [defaultName: tree], to: path, options: options, group: group, waitLimit: waitLimit)
  }

  /// Saves one tree that all ranks of a group hold under the name `state`.
  ///
  /// - Throws: As saving a tree of global arrays.
  public static func save(
    _ tree: Tree<NDArray>, to path: some FilePathConvertible, options: SaveOptions = SaveOptions(),
    group: any ProcessGroup, waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) {
    try await saveCheckpointables(
      [defaultName: tree], to: path, options: options, group: group, waitLimit: waitLimit)
  }

  /// Saves any `Codable` state that all ranks of a group hold under the name `state`.
  ///
  /// - Throws: `state.coding`; otherwise as saving a tree of global arrays.
  public static func save(
    _ state: some Encodable & Sendable, to path: some FilePathConvertible,
    options: SaveOptions = SaveOptions(), group: any ProcessGroup,
    waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) {
    let path = path.filePath
    let taken = try await take(to: path, HandlerRegistry(), group, waitLimit) {
      () throws(CoppiceError) in [defaultName: try TreeEncoder().encode(state)]
    }
    try await GroupSave(
      group: group, target: GroupTarget(path, options), options: options, waitLimit: waitLimit
    ).run(taken)
  }

  /// Saves named checkpointables as one checkpoint by all ranks of a group.
  ///
  /// A tree of global arrays is shared by the ranks, any other tree and any `Codable` value is the same on all. JSON,
  /// files and objects are saved by rank 0, or by each rank where they are in ``EachRank``.
  ///
  /// - Throws: `handler.none`, `handler.failed`, `directory.*`; otherwise as saving a tree of global arrays.
  public static func saveCheckpointables(
    _ items: NamedValues<any Sendable>, to path: some FilePathConvertible,
    options: SaveOptions = SaveOptions(), handlers: HandlerRegistry = HandlerRegistry(),
    group: any ProcessGroup, waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) {
    let path = path.filePath
    let taken = try await take(to: path, handlers, group, waitLimit) { items }
    try await GroupSave(
      group: group, target: GroupTarget(path, options), options: options, waitLimit: waitLimit
    ).run(taken)
  }

  /// Takes the state of a save by a group on all ranks, or on none.
  nonisolated(nonsending) static func take(
    to path: FilePath, _ handlers: HandlerRegistry, _ group: any ProcessGroup,
    _ waitLimit: Duration, _ values: () throws(CoppiceError) -> NamedValues<any Sendable>
  ) async throws(CoppiceError) -> [GroupItem] {
    try await group.agree(named: groupSaveName(path) + "/take", within: waitLimit) {
      () throws(CoppiceError) in
      try path.requireNoAddress()
      return try await GroupItem.take(try values(), handlers)
    }
  }

  /// Returns the name of a save by a group in its messages.
  static func groupSaveName(_ path: FilePath) -> String {
    "save \(path.lastComponent?.string ?? "")"
  }
}

extension Checkpoint {
  /// Loads one tree by all ranks of a group: each gets what it requests.
  ///
  /// The checkpoint may have been saved by any number of processes, or by another library; each rank may request
  /// something else. Either all ranks load, or all throw.
  ///
  /// - Parameters:
  ///   - path: The checkpoint.
  ///   - name: The name of the tree; `nil` takes the one that a load by one process takes.
  ///   - abstract: The request of this rank for each leaf; `nil` loads everything on all ranks.
  ///   - options: The treatment of differences between the abstract tree and the saved one.
  ///   - opening: The formats that are tried, the checks that are made and the limits of reading.
  ///   - replicated: The way in which arrays are read that all ranks request.
  ///   - group: The ranks that load.
  ///   - waitLimit: The longest time that a rank waits for the others.
  /// - Throws: As loading by one process, with the ranks that failed; `operation.absent-rank`.
  public static func load(
    from path: some FilePathConvertible, name: String? = nil,
    as abstract: Tree<AbstractLeaf>? = nil, options: TreeLoadOptions = TreeLoadOptions(),
    opening: OpenOptions = OpenOptions(), replicated: ReplicatedReading = .automatic,
    group: any ProcessGroup, waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) -> Tree<NDArray> {
    let request = (abstract ?? .asSaved).mapLeaves { GlobalRequest.everything($1) }
    let tree = try await load(
      from: path, name: name, as: request, options: options, opening: opening,
      replicated: replicated, group: group, waitLimit: waitLimit)
    // What is requested as everything is one box.
    return tree.replacingLeaves { array in
      array.boxes.first.map { .leaf($0.array) } ?? .value(.null)
    }
  }

  /// Loads one tree by all ranks of a group: each gets the boxes that it requests, and reads nothing else.
  ///
  /// - Parameters:
  ///   - path: The checkpoint.
  ///   - name: The name of the tree; `nil` takes the one that a load by one process takes.
  ///   - request: The request of this rank for each leaf; a value takes the place of a value.
  ///   - options: The treatment of differences between the request and the saved tree. Shapes of requested boxes are
  ///     those after its transforms.
  ///   - opening: The formats that are tried, the checks that are made and the limits of reading.
  ///   - replicated: The way in which arrays are read that all ranks request as everything.
  ///   - group: The ranks that load.
  ///   - waitLimit: The longest time that a rank waits for the others.
  /// - Returns: The tree, with the boxes of this rank.
  /// - Throws: `usage.device`; otherwise as loading a tree of arrays.
  public static func load(
    from path: some FilePathConvertible, name: String? = nil, as request: Tree<GlobalRequest>,
    options: TreeLoadOptions = TreeLoadOptions(), opening: OpenOptions = OpenOptions(),
    replicated: ReplicatedReading = .automatic, group: any ProcessGroup,
    waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) -> Tree<GlobalArray> {
    try await GroupLoad(
      group: group, path: path.filePath, tree: name, options: options, opening: opening.forPart,
      replicated: replicated, waitLimit: waitLimit
    ).run(request)
  }
}

extension OpenOptions {
  /// The options for a rank that loads a part: it doesn't look at the files of others.
  fileprivate var forPart: OpenOptions {
    var options = self
    options.reading.looksAtAllFiles = false
    return options
  }
}
