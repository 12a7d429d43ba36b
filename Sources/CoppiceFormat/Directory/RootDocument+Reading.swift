package import CoppiceModel
import StrictJSON

extension RootDocument {
  /// Reads the document from its bytes.
  ///
  /// - Throws: `json.*`, `versioning.*`, `metadata.*`, `directory.bad-path`.
  package init(
    parsing bytes: [UInt8], limits: ReadLimits = .standard
  ) throws(CoppiceError) {
    let document = try JSONDocument(parsing: bytes, file: Self.fileName, limits: limits)
    var reader = try JSONObjectReader(document.root)
    let unknown = try DocumentHeader.read(&reader, format: Self.format)
    try SelfDigest.check(bytes, &reader)
    try document.requireCanonical()

    requiredFeatures = try Self.features(try reader.required("required_features"))
    checkpointables = try Self.entries(
      try reader.required("checkpointables"), unknown, depth: Self.maximumDepth)
    writer = try reader.required("writer").string()
    step = try reader.optional("step")?.nonNegativeInt()
    if let times = reader.optional("times") {
      var inner = try JSONObjectReader(times)
      commitTime = try inner.optional("commit").map(Self.time)
      initTime = try inner.optional("init").map(Self.time)
      try unknown.check(inner)
    }
    try readUserData(&reader)
    try unknown.check(reader)
  }

  /// The deepest nesting of composites.
  package static let maximumDepth = 8

  private mutating func readUserData(_ reader: inout JSONObjectReader) throws(CoppiceError) {
    var parts: [(json: JSON, pointer: String)] = []
    let names = ["custom", "metrics"]
    for name in names {
      let node = reader.optional(name)
      _ = try node?.requireObject()
      parts.append((node?.json ?? .bool(false), "/" + name))
    }
    let restored = try NonfiniteNumbers.restore(parts, from: reader.optional("nonfinite"))
    if case .object = restored[0] { custom = restored[0] }
    if case .object = restored[1] { metrics = restored[1] }
  }

  private static func features(_ node: JSONNode) throws(CoppiceError) -> Set<Feature> {
    var features: Set<Feature> = []
    for element in try node.array() {
      let name = try element.string()
      guard let feature = Feature(rawValue: name) else {
        throw element.error(
          .versioningUnknownFeature,
          "the checkpoint needs the feature \"\(name)\", which this program doesn't know; "
            + "use a newer one")
      }
      features.insert(feature)
    }
    return features
  }

  private static func time(_ node: JSONNode) throws(CoppiceError) -> Timestamp {
    guard let time = Timestamp(try node.string()) else {
      throw node.error(
        .metadataBadTime, "not a time of the form 2026-01-31T23:59:59.123456789Z")
    }
    return time
  }

  private static func entries(
    _ node: JSONNode, _ unknown: UnknownMembers, depth: Int
  ) throws(CoppiceError) -> [NamedEntry] {
    var entries: [NamedEntry] = []
    for (name, value) in try node.requireObject() {
      guard !name.isEmpty,
        CheckpointableName.directory(for: name).utf8.count <= CheckpointableName.maximumBytes
      else {
        throw value.error(.directoryNameTooLong, "the name is empty or too long for a directory")
      }
      guard depth != maximumDepth || !CheckpointableName.reserved.contains(name) else {
        throw value.error(.directoryReservedName, "the name \"\(name)\" is reserved")
      }
      entries.append(NamedEntry(name, try entry(value, unknown, depth: depth)))
    }
    return entries
  }

  private static func entry(
    _ node: JSONNode, _ unknown: UnknownMembers, depth: Int
  ) throws(CoppiceError) -> CheckpointableEntry {
    var reader = try JSONObjectReader(node)
    let kind = try reader.required("kind")
    let entry: CheckpointableEntry
    switch try kind.string() {
    case "tree":
      let path = CheckpointableEntry.treeFileName
      entry = .tree(try file(try reader.required("document"), path: path, unknown))
    case "json":
      let path = CheckpointableEntry.jsonFileName
      entry = .json(try file(try reader.required("document"), path: path, unknown))
    case "files":
      entry = .files(try files(try reader.required("files"), unknown))
    case "composite":
      guard depth > 0 else {
        throw node.error(
          .metadataTooDeep, "composites are nested deeper than \(maximumDepth) levels")
      }
      entry = .composite(try entries(try reader.required("items"), unknown, depth: depth - 1))
    case let other:
      throw kind.error(
        .metadataUnknownKind, "\"\(other)\" is no kind of checkpointable that this version knows")
    }
    try unknown.check(reader)
    return entry
  }

  private static func files(
    _ node: JSONNode, _ unknown: UnknownMembers
  ) throws(CoppiceError) -> [FileRecord] {
    var files: [FileRecord] = []
    for element in try node.array() {
      let record = try file(element, path: nil, unknown)
      // Strictly ascending: sorted, and none twice.
      guard files.last.map({ $0.path.utf8.lexicographicallyPrecedes(record.path.utf8) }) ?? true
      else {
        throw element.error(
          .directoryBadPath, "the files aren't sorted by path, or one is there twice")
      }
      files.append(record)
    }
    return files
  }

  private static func file(
    _ node: JSONNode, path: String?, _ unknown: UnknownMembers
  ) throws(CoppiceError) -> FileRecord {
    var reader = try JSONObjectReader(node)
    let digest = try reader.required("digest").hex64()
    let name = if let path { path } else { try reader.required("path").string() }
    let size = try reader.required("size").nonNegativeInt()
    try unknown.check(reader)
    return FileRecord(path: name, size: size, digest: Digest(bits: digest))
  }
}
