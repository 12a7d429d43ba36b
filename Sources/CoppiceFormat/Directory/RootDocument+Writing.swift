import CoppiceJSON
package import CoppiceModel

extension RootDocument {
  /// Returns the document's canonical bytes, including its own digest.
  ///
  /// - Throws: `json.*` when the step, metrics or custom metadata can't be written;
  ///   `metadata.bad-time` for a time that the format can't represent.
  package func encoded() throws(CoppiceError) -> [UInt8] {
    if let step, step < 0 || step > JSONNode.largestInteger {
      throw CoppiceError(.jsonNumberRange, "a step is from 0 to 2^53 − 1, not \(step)")
    }
    for time in [initTime, commitTime].compactMap(\.self) where Timestamp("\(time)") == nil {
      throw CoppiceError(.metadataBadTime, "the time \(time) is out of the range of the format")
    }
    var nonfinite: [(pointer: String, text: String)] = []
    var members: [JSON.Member] = [
      .init("checkpointables", Self.encode(checkpointables)),
      .init("format", .string(Self.format)),
      .init(
        "required_features", .array(requiredFeatures.map(\.rawValue).sorted().map { .string($0) })),
      .init("version", .string(FormatVersion.current.description)),
      .init("writer", .string(writer)),
    ]
    if let custom {
      let plain = NonfiniteNumbers.takeOut(of: custom, at: "/custom", into: &nonfinite)
      members.append(.init("custom", plain))
    }
    if let metrics {
      let plain = NonfiniteNumbers.takeOut(of: metrics, at: "/metrics", into: &nonfinite)
      members.append(.init("metrics", plain))
    }
    if let table = NonfiniteNumbers.table(nonfinite) { members.append(.init("nonfinite", table)) }
    if let step { members.append(.init("step", .integer(step))) }
    if initTime != nil || commitTime != nil {
      let times = [("commit", commitTime), ("init", initTime)].compactMap { (name, time) in
        time.map { JSON.Member(name, .string($0.description)) }
      }
      members.append(.init("times", .object(times)))
    }
    return try SelfDigest.seal(members)
  }

  private static func encode(_ entries: [NamedEntry]) -> JSON {
    .object(entries.map { .init($0.name, encode($0.entry)) })
  }

  private static func encode(_ entry: CheckpointableEntry) -> JSON {
    switch entry {
    case .tree(let file):
      .object([.init("kind", .string("tree")), .init("document", encode(file))])
    case .json(let file):
      .object([.init("kind", .string("json")), .init("document", encode(file))])
    case .files(let files):
      .object([
        .init("kind", .string("files")),
        .init("files", .array(files.map { encode($0, path: $0.path) })),
      ])
    case .composite(let items):
      .object([.init("kind", .string("composite")), .init("items", encode(items))])
    }
  }

  private static func encode(_ file: FileRecord, path: String? = nil) -> JSON {
    var members: [JSON.Member] = [
      .init("digest", .string(file.digest.description)), .init("size", .integer(file.size)),
    ]
    if let path { members.append(.init("path", .string(path))) }
    return .object(members)
  }
}
