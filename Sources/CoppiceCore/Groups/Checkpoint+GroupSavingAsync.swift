public import CoppiceModel
public import CoppiceProcessGroup
import CoppiceState
import SystemPackage

extension Checkpoint {
  /// Begins to save one tree by all ranks of a group, and returns when all have begun.
  ///
  /// Arrays are shared, not copied. They are values: if the program changes one during the save, that array is copied,
  /// once. The messages of the save are kept apart from those of the operations that the program calls meanwhile.
  ///
  /// - Returns: The handle of the save: await its `result()` on all ranks before the group ends.
  /// - Throws: `operation.absent-rank` and the other errors of a group. The handle's `result()` throws later errors, the
  ///   same on all ranks.
  public static func saveAsync(
    _ tree: Tree<GlobalArray>, to path: some FilePathConvertible,
    options: SaveOptions = SaveOptions(), group: any ProcessGroup,
    waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) -> SaveOperation {
    try await saveCheckpointablesAsync(
      [defaultName: tree], to: path, options: options, group: group, waitLimit: waitLimit)
  }

  /// Begins to save one tree that all ranks of a group hold, and returns when all have begun.
  ///
  /// - Returns: The handle of the save: await its `result()` on all ranks before the group ends.
  /// - Throws: As beginning to save a tree of global arrays.
  public static func saveAsync(
    _ tree: Tree<NDArray>, to path: some FilePathConvertible, options: SaveOptions = SaveOptions(),
    group: any ProcessGroup, waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) -> SaveOperation {
    try await saveCheckpointablesAsync(
      [defaultName: tree], to: path, options: options, group: group, waitLimit: waitLimit)
  }

  /// Begins to save any `Codable` state that all ranks of a group hold, and returns when the program may change it again.
  ///
  /// - Returns: The handle of the save: await its `result()` on all ranks before the group ends.
  /// - Throws: `state.coding`; otherwise as beginning to save a tree of global arrays.
  public static func saveAsync(
    _ state: some Encodable & Sendable, to path: some FilePathConvertible,
    options: SaveOptions = SaveOptions(), group: any ProcessGroup,
    waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) -> SaveOperation {
    // The working directory may change before the save begins.
    let path = path.filePath.fromWorkingDirectory
    let taken = try await take(to: path, HandlerRegistry(), group, waitLimit) {
      () throws(CoppiceError) in [defaultName: try TreeEncoder().encode(state)]
    }
    return try await begin(taken, to: path, options, group, waitLimit)
  }

  /// Begins to save named checkpointables by all ranks of a group, and returns when the program may change their state
  /// again on all ranks.
  ///
  /// - Returns: The handle of the save: await its `result()` on all ranks before the group ends.
  /// - Throws: `handler.none`, `handler.failed`, `state.coding`; otherwise as beginning to save a tree of global arrays.
  public static func saveCheckpointablesAsync(
    _ items: NamedValues<any Sendable>, to path: some FilePathConvertible,
    options: SaveOptions = SaveOptions(), handlers: HandlerRegistry = HandlerRegistry(),
    group: any ProcessGroup, waitLimit: Duration = defaultGroupWait
  ) async throws(CoppiceError) -> SaveOperation {
    let path = path.filePath.fromWorkingDirectory
    let taken = try await take(to: path, handlers, group, waitLimit) { items }
    return try await begin(taken, to: path, options, group, waitLimit)
  }

  /// Begins a save whose messages are kept apart from all others.
  private static func begin(
    _ taken: [GroupItem], to path: FilePath, _ options: SaveOptions, _ group: any ProcessGroup,
    _ waitLimit: Duration
  ) async throws(CoppiceError) -> SaveOperation {
    let label = try await group.label(named: groupSaveName(path) + "/label", within: waitLimit)
    let save = GroupSave(
      group: ProcessSubgroup(of: group, apartAs: label), target: GroupTarget(path, options),
      options: options, waitLimit: waitLimit)
    return SaveOperation(monitor: save.monitor) { () async throws(CoppiceError) in
      try await save.run(taken)
    }
  }
}
