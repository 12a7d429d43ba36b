public import CoppiceProcessGroup

extension Checkpointer {
  /// Opens a run, lends its checkpointer to a closure, and closes the checkpointer, even if the
  /// closure throws.
  ///
  /// The call waits for pending saves in either case.
  ///
  /// - Parameters:
  ///   - directory: The run; it is created if it doesn't exist.
  ///   - options: The policies, and the choices of saving and reading.
  ///   - isolation: The actor that the closure runs on; the caller's by default.
  ///   - body: The work.
  /// - Returns: The closure's result.
  /// - Throws: The closure's error; otherwise the first error of a save whose `result()` was never
  ///   awaited.
  public static func withRun<Result>(
    at directory: some FilePathConvertible, options: CheckpointerOptions = CheckpointerOptions(),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Checkpointer) async throws -> Result
  ) async throws -> Result {
    try await lend(try Checkpointer(directory, options: options), body)
  }

  /// Opens a run by all ranks of a group, lends its checkpointer to a closure, and closes the checkpointer, even if the
  /// closure throws.
  ///
  /// - Parameters:
  ///   - directory: The run; it is created if it doesn't exist.
  ///   - options: The policies, and the choices of saving and reading.
  ///   - group: The ranks that have the run.
  ///   - waitLimit: The longest time that a rank waits for the others, in each part of an operation.
  ///   - isolation: The actor that the closure runs on; the caller's by default.
  ///   - body: The work.
  /// - Returns: The closure's result.
  /// - Throws: The closure's error; otherwise the first error of a save whose `result()` was never
  ///   awaited.
  public static func withRun<Result>(
    at directory: some FilePathConvertible, options: CheckpointerOptions = CheckpointerOptions(),
    group: any ProcessGroup, waitLimit: Duration = defaultGroupWait,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Checkpointer) async throws -> Result
  ) async throws -> Result {
    let path = directory.filePath
    let checkpointer = try await Checkpointer(
      path, options: options, group: group, waitLimit: waitLimit)
    return try await lend(checkpointer, body)
  }

  private static func lend<Result>(
    _ checkpointer: Checkpointer, isolation: isolated (any Actor)? = #isolation,
    _ body: (Checkpointer) async throws -> Result
  ) async throws -> Result {
    let result: Result
    do {
      result = try await body(checkpointer)
    } catch {
      try? await checkpointer.close()
      throw error
    }
    try await checkpointer.close()
    return result
  }
}
