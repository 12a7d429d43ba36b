extension Checkpointer {
  /// Opens a run, lends its checkpointer to a closure, and closes it, whatever the closure does.
  ///
  /// Saves that are under way are waited for also when the closure throws.
  ///
  /// - Parameters:
  ///   - directory: The run; it is made where it isn't there.
  ///   - options: The policies, and the choices of saving and reading.
  ///   - isolation: The actor that the closure runs on; the caller's by default.
  ///   - body: The work.
  /// - Returns: The closure's result.
  /// - Throws: The closure's error; otherwise the first error of a save that nobody has awaited.
  public static func withRun<Result>(
    at directory: FilePath, options: CheckpointerOptions = CheckpointerOptions(),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Checkpointer) async throws -> Result
  ) async throws -> Result {
    let checkpointer = try Checkpointer(directory, options: options)
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
