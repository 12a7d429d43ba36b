package import CoppiceFiles
package import CoppiceModel

extension FlaxMsgpack {
  /// Lists the steps of a directory of `checkpoint_<step>` files; returns `nil` for others.
  ///
  /// If no file has the standard prefix, files with another one are listed. Steps whose numbers
  /// aren't integers are left out with a warning; each can be opened by itself.
  ///
  /// - Throws: `io.*`.
  package static func openRun(
    _ directory: DirectoryHandle, limits: ReadLimits, openArray: @escaping ArrayOpener
  ) throws(CoppiceError) -> CheckpointRun? {
    var names: [String: [FlaxStepName]] = [:]
    for entry in try directory.entries() where entry.kind == .file {
      guard let name = FlaxStepName(entry.name) else { continue }
      names[name.prefix, default: []].append(name)
    }
    // Look into files only if no name has the standard prefix.
    let known = names.keys.contains(FlaxStepName.standardPrefix)
    let candidates = known ? [FlaxStepName.standardPrefix] : names.keys.sorted()
    var found: [(prefix: String, names: [FlaxStepName])] = []
    for prefix in candidates {
      guard let all = names[prefix], let first = all.first,
        try recognizes(try directory.open(prefix + first.text))
      else { continue }
      found.append((prefix, all))
    }
    guard let run = found.max(by: { $0.names.count < $1.names.count }) else { return nil }
    var warnings: [CoppiceError] = []
    for prefix in names.keys.sorted() where prefix != run.prefix {
      let count = names[prefix]?.count ?? 0
      warnings.append(
        CoppiceError(
          .flaxOtherPrefix,
          "\(count) \(count == 1 ? "file" : "files") of another prefix are passed over; open each by itself",
          at: .init(file: directory.displayName(prefix + "*"))))
    }
    var steps: [CheckpointRun.Step] = []
    // Sort by number, as Flax does.
    for name in run.names.sorted(by: { ($0.value, $0.text) < ($1.value, $1.text) }) {
      let file = run.prefix + name.text
      guard let number = name.number, steps.last?.number != number else {
        warnings.append(
          CoppiceError(
            .flaxStep,
            "the step \(name.text) is no integer of its own; it is passed over: open it by itself",
            at: .init(file: directory.displayName(file))))
        continue
      }
      steps.append(
        .init(number: number, name: file) { () throws(CoppiceError) in
          var contents = try open(
            try directory.open(file), in: directory, limits: limits, openArray: openArray)
          contents.step = number
          return contents
        })
    }
    var result = CheckpointRun(format: formatName, steps: steps)
    result.warnings = warnings
    return result
  }
}
