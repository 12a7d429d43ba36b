import CoppiceFiles

extension Checkpoint {
  /// Validates the checkpoint or run at a path.
  ///
  /// A checkpoint of Coppice's format is checked against the rules of the specification; of other
  /// formats, everything is read. Arrays are read piece by piece.
  ///
  /// - Parameters:
  ///   - path: The checkpoint, or a run, whose steps are all validated.
  ///   - level: The depth of the check; `.data` reads every stored byte.
  ///   - step: The steps of a run to validate; all when `nil`.
  ///   - opening: The formats to try, and the limits of reading.
  ///   - monitor: Reports the progress, and cancels.
  /// - Returns: All faults and warnings; a damaged checkpoint is a result, not an error.
  /// - Throws: `io.*`, `usage.no-such-step`, `usage.choice`, `format.unrecognized`,
  ///   `operation.cancelled`.
  public static func validate(
    at path: some FilePathConvertible, level: ValidationLevel = .data, step: StepChoice? = nil,
    opening: OpenOptions = OpenOptions(), monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> ValidationReport {
    let path = path.filePath
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      try PathValidation(options: opening, level: level, monitor: monitor).run(path, step: step)
    }
  }

  /// Writes a repaired copy of a damaged checkpoint; the damaged checkpoint itself is only read.
  ///
  /// Lost or damaged documents are rebuilt from the HDF5 files and the directories; array data are
  /// never invented.
  ///
  /// - Parameters:
  ///   - path: The damaged checkpoint.
  ///   - target: The path of the copy, which must not exist; `nil` only reports.
  ///   - opening: The treatment of links, and the limits of reading.
  ///   - durability: The durability promised when the call returns.
  ///   - monitor: Reports the progress, and cancels.
  /// - Returns: The faults found, and the repair of each; nothing was written if `isRecoverable` is
  ///   false.
  /// - Throws: `repair.nothing-to-do` for a valid checkpoint, `operation.exists`, `io.*`,
  ///   `versioning.*` for a checkpoint that only a newer program reads, `operation.cancelled`.
  public static func repair(
    at path: some FilePathConvertible, to target: (any FilePathConvertible)?,
    opening: OpenOptions = OpenOptions(),
    durability: Durability = .durable, monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> RepairReport {
    let (path, target) = (path.filePath, target?.filePath)
    return try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      var options = RepairOptions()
      options.limits = opening.limits
      options.hdf5 = opening.hdf5
      options.writing.durability = durability
      let source = try DirectoryHandle(opening: path, symlinks: opening.symlinks)
      return try CheckpointRepair.run(source, to: target, options: options, monitor: monitor)
    }
  }

  /// Migrates a checkpoint or run of an older version of the format to the newest one.
  ///
  /// The old checkpoint or run is only read. The result appears whole, or not at all.
  ///
  /// - Parameters:
  ///   - path: The old checkpoint or run.
  ///   - target: The path of the result, which must not exist; `nil` only reports.
  ///   - opening: The treatment of links, and the limits of reading.
  ///   - durability: The durability promised when the call returns.
  ///   - monitor: Reports the progress, and cancels.
  /// - Returns: The version of the source, and notes about everything that was inferred. Nothing
  ///   was written if the source already has the newest version.
  /// - Throws: `usage.not-migratable`, `operation.*`, `io.*`, and the errors of reading.
  public static func migrate(
    at path: some FilePathConvertible, to target: (any FilePathConvertible)?,
    opening: OpenOptions = OpenOptions(),
    durability: Durability = .durable, monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> MigrationReport {
    try await migrate(
      path.filePath, target.map { .path($0.filePath) } ?? .nowhere, opening, durability, monitor)
  }

  /// Migrates a checkpoint or run of an older version to the newest one, at its own path.
  ///
  /// The result takes the name of the source in one step, and then the source is deleted: the
  /// checkpoint stays readable if the process ends at any point.
  ///
  /// - Parameters:
  ///   - path: The old checkpoint or run; of a symbolic link, what it leads to.
  ///   - isDryRun: Whether nothing is written, and only the report is made.
  ///   - opening: The treatment of links, and the limits of reading.
  ///   - durability: The durability promised when the call returns.
  ///   - monitor: Reports the progress, and cancels.
  /// - Returns: As for a migration to another path.
  /// - Throws: As for a migration to another path.
  public static func migrate(
    inPlace path: some FilePathConvertible, isDryRun: Bool = false,
    opening: OpenOptions = OpenOptions(),
    durability: Durability = .durable, monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> MigrationReport {
    try await migrate(path.filePath, .inPlace, isDryRun: isDryRun, opening, durability, monitor)
  }

  private static func migrate(
    _ path: FilePath, _ target: Migration.Target, isDryRun: Bool = false, _ opening: OpenOptions,
    _ durability: Durability, _ monitor: OperationMonitor
  ) async throws(CoppiceError) -> MigrationReport {
    try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      var writing = WriteOptions()
      writing.durability = durability
      return try Migration.run(
        path, to: target, isDryRun: isDryRun, reading: opening.reading, hdf5: opening.hdf5,
        symlinks: opening.symlinks, writing: writing, monitor: monitor)
    }
  }
}
