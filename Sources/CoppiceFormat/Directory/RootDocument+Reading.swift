import CoppiceJSON
package import CoppiceModel

extension RootDocument {
  /// Reads the document from its bytes.
  ///
  /// - Parameter file: The document's name for messages.
  /// - Throws: `json.*`, `versioning.*`, `metadata.*`, `directory.*` except name collisions.
  package init(
    parsing bytes: [UInt8], file: String = Self.fileName, limits: ReadLimits = .standard
  ) throws(CoppiceError) {
    let document = try JSONDocument(parsing: bytes, file: file, limits: limits)
    var reader = try JSONObjectReader(document.root)
    let unknown = try DocumentHeader.read(&reader, format: Self.format)
    try document.requireCanonical()
    try SelfDigest.check(bytes, &reader)
    requiredFeatures = try Self.features(try reader.required("required_features"))

    checkpointables = try EntryReader(unknown: unknown).read(
      try reader.required("checkpointables"))
    writer = try reader.required("writer").string()
    step = try reader.optional("step")?.nonNegativeInt()
    if let times = reader.optional("times") { try readTimes(times, unknown) }
    try readUserData(&reader)
    try unknown.check(reader)
    warnings = unknown.warnings
    self.file = file
  }

  private mutating func readTimes(
    _ node: JSONNode, _ unknown: UnknownMembers
  ) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    commitTime = try reader.optional("commit").map(Self.time)
    initTime = try reader.optional("init").map(Self.time)
    try unknown.check(reader)
    guard node.count > 0 else {
      throw node.error(.metadataBadTime, "there are no times; leave the member out")
    }
  }

  private mutating func readUserData(_ reader: inout JSONObjectReader) throws(CoppiceError) {
    var parts: [(json: JSON, name: String)] = []
    for name in ["custom", "metrics"] {
      guard let node = reader.optional(name) else { continue }
      _ = try node.requireObject()
      parts.append((node.json, name))
    }
    let restored = try NonfiniteNumbers.restore(parts, from: reader.optional("nonfinite"))
    for (json, name) in restored {
      if name == "custom" { custom = json } else { metrics = json }
    }
  }

  private static func features(_ node: JSONNode) throws(CoppiceError) -> Set<Feature> {
    var features: [Feature] = []
    for element in try node.array() {
      let name = try element.string()
      guard let feature = Feature(rawValue: name) else {
        throw element.error(
          .versioningUnknownFeature,
          "the checkpoint needs the feature \"\(name)\", which this program doesn't know; "
            + "use a newer one")
      }
      features.append(feature)
    }
    guard zip(features, features.dropFirst()).allSatisfy({ $0.rawValue < $1.rawValue }) else {
      throw node.error(
        .versioningBadFeatures, "the features aren't in order, or one is listed twice")
    }
    return Set(features)
  }

  private static func time(_ node: JSONNode) throws(CoppiceError) -> Timestamp {
    guard let time = Timestamp(try node.string()) else {
      throw node.error(
        .metadataBadTime, "not a time of the form 2026-01-31T23:59:59.123456789Z")
    }
    return time
  }
}
