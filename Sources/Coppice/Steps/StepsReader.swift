import CoppiceFormat
package import CoppiceModel
package import FileAccess

/// Reads directories of steps.
package enum StepsReader {
  /// Opens a directory whose subdirectories are checkpoints of this format.
  ///
  /// - Returns: `nil` when it is no such directory.
  package static func open(
    _ directory: DirectoryHandle, options: ReadOptions = ReadOptions()
  ) throws(CoppiceError) -> CheckpointSteps? {
    let isMarked = try directory.hasFile(StepsDocument.fileName)
    var steps: [CheckpointSteps.Step] = []
    for entry in try directory.entries() where entry.kind == .directory {
      guard let inner = try? directory.subdirectory(entry.name),
        try inner.hasFile(RootDocument.fileName)
      else { continue }
      // A name without a number: the document itself must say which step it is.
      let fromName = number(of: entry.name)
      let number: Int
      if let fromName {
        number = fromName
      } else {
        let document = try? CheckpointReader.rootDocument(of: inner, limits: options.limits)
        guard let step = document?.step else { continue }
        number = step
      }
      steps.append(
        .init(number: number, name: entry.name) { () throws(CoppiceError) in
          var contents = try CheckpointReader.open(inner, options: options)
          contents.step = contents.step ?? number
          return contents
        })
    }
    guard isMarked || !steps.isEmpty else { return nil }
    var metadata: JSON?
    if isMarked {
      let bytes = try directory.allBytes(
        of: StepsDocument.fileName, limit: options.limits.documentBytes)
      metadata = try StepsDocument(parsing: bytes, limits: options.limits).metadata
    }
    steps.sort { $0.number < $1.number }
    return CheckpointSteps(
      format: CheckpointReader.formatName, steps: steps, rootMetadata: metadata)
  }

  /// The number of a step directory named plainly: decimal, without leading zeros.
  private static func number(of name: String) -> Int? {
    guard let number = Int(name), String(number) == name, number >= 0 else { return nil }
    return number
  }
}
