import Coppice

/// A summary of a checkpoint in a dozen lines.
struct InfoCard {
  private let contents: CheckpointContents
  private let checkpointables: [(name: String, kind: String)]
  private let arrayCount: Int
  private let byteCount: Int
  private let dtypes: [(name: String, bytes: Int)]
  /// The leaves that no array can represent.
  private let unsupportedCount: Int
  /// The faults of everything that is damaged.
  let faults: FaultList

  /// Describes the node or checkpoint at an address.
  ///
  /// - Throws: The errors of `CheckpointAddress.node`; `io.*`.
  init(
    of contents: CheckpointContents, at address: CheckpointAddress
  ) throws(CoppiceError) {
    self.contents = contents
    let listing = try Listing(of: contents, at: address)
    faults = listing.faults
    if let node = try address.node(in: contents) {
      checkpointables = [(node.place, Self.kind(node.item))]
    } else {
      switch contents.root {
      case .named(let items): checkpointables = items.map { ($0.name, Self.kind($0)) }
      case .unnamed(let item): checkpointables = [("", item.kind.rawValue)]
      }
    }
    let arrays = listing.rows.filter { $0.shape != nil }
    arrayCount = arrays.count
    byteCount = arrays.reduce(0) { $0 + ($1.bytes ?? 0) }
    var sums: [String: Int] = [:]
    for array in arrays { sums[array.type, default: 0] += array.bytes ?? 0 }
    unsupportedCount = listing.rows.count { $0.fault?.kind == .unsupported }
    dtypes = sums.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }

  /// Returns the kind of a checkpointable, and says so if it can't be loaded.
  private static func kind(_ item: NamedCheckpointable) -> String {
    do throws(CoppiceError) {
      return try item.value.kind.rawValue
    } catch {
      return (item.kind.map { $0.rawValue + ", " } ?? "") + "damaged"
    }
  }

  /// The summary for people.
  var text: String {
    get throws(CoppiceError) {
      var table = TextTable()
      table.append(["format", contents.format])
      if let step = contents.step { table.append(["step", String(step)]) }
      for (name, kind) in checkpointables {
        table.append(["checkpointable", name.isEmpty ? kind : "\(name.printable) (\(kind))"])
      }
      table.append(["arrays", "\(arrayCount), \(ByteCount.text(byteCount))"])
      for (name, bytes) in dtypes { table.append(["  \(name)", ByteCount.text(bytes)]) }
      if unsupportedCount > 0 { table.append(["unsupported", String(unsupportedCount)]) }
      if let time = contents.initTime {
        table.append(["begun", time.description])
      }
      if let time = contents.commitTime {
        table.append(["committed", time.description])
      }
      var text = table.lines.joined(separator: "\n") + "\n"
      for (title, json) in [("metrics", contents.metrics), ("custom", contents.custom)] {
        if let json { text += "\(title) " + (JSONText.encode(json)) }
      }
      return text
    }
  }

  /// The summary for programs.
  var json: JSON {
    var members: [JSON.Member] = [
      .init("infoVersion", .integer(1)), .init("format", .string(contents.format)),
      .init(
        "checkpointables",
        .array(
          checkpointables.map {
            .object([.init("name", .string($0.name)), .init("kind", .string($0.kind))])
          })),
      .init("arrays", .integer(arrayCount)), .init("bytes", .integer(byteCount)),
      .init("dtypes", .object(dtypes.map { .init($0.name, .integer($0.bytes)) })),
    ]
    if unsupportedCount > 0 { members.append(.init("unsupported", .integer(unsupportedCount))) }
    if let step = contents.step { members.append(.init("step", .integer(step))) }
    if let time = contents.initTime {
      members.append(.init("initTime", .string(time.description)))
    }
    if let time = contents.commitTime {
      members.append(.init("commitTime", .string(time.description)))
    }
    if let metrics = contents.metrics { members.append(.init("metrics", metrics.withoutNonfinite)) }
    if let custom = contents.custom {
      members.append(.init("customMetadata", custom.withoutNonfinite))
    }
    return .object(members)
  }
}
