extension Checkpointer {
  /// Opens a run, lends its checkpointer to a closure, and closes it, whatever the closure does.
  ///
  /// Saves that are under way are waited for also when the closure throws.
  ///
  /// - Returns: The closure's result.
  /// - Throws: The closure's error; otherwise the first error of a save that nobody has awaited.
  public static func withRun<Result>(
    at directory: FilePath, options: CheckpointerOptions = CheckpointerOptions(),
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
