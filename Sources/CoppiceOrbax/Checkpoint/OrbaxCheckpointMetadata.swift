import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// The contents of `_CHECKPOINT_METADATA`, which describes a whole checkpoint.
struct OrbaxCheckpointMetadata {
  /// The classes that saved the items.
  enum Handlers {
    /// The checkpoint is one item without a name.
    case direct(HandlerHint)
    /// Items by name, in the document's order.
    case named([(name: String, hint: HandlerHint?)])
  }

  /// Absent in versions up to 0.10.
  var handlers: Handlers?
  var metrics: JSON?
  var custom: JSON?
  var initTime: Timestamp?
  var commitTime: Timestamp?

  /// Makes the metadata of a checkpoint without the document: V0 up to 0.5.10.
  init() {}

  /// Reads the document.
  init(
    in directory: DirectoryHandle, limits: ReadLimits
  ) throws(CoppiceError) {
    let document = try JSONDocument(
      in: directory, OrbaxName.checkpointMetadata, limits: limits)
    var reader = try JSONObjectReader(document.root)
    handlers = try Self.handlers(reader.optional("item_handlers"))
    metrics = try Self.object(reader.optional("metrics"))
    _ = reader.optional("performance_metrics")
    initTime = try Self.time(reader.optional("init_timestamp_nsecs"))
    commitTime = try Self.time(reader.optional("commit_timestamp_nsecs"))
    var members = try Self.object(reader.optional("custom_metadata"))?.object ?? []
    // Orbax takes members that it doesn't know for the user's.
    for name in reader.unknownNames where !members.contains(where: { $0.isNamed(name) }) {
      guard let value = document.root[name] else { continue }
      members.append(JSON.Member(name, value.json))
    }
    custom = members.isEmpty ? nil : .object(members)
  }

  private static func handlers(_ node: JSONNode?) throws(CoppiceError) -> Handlers? {
    guard let node, !node.isNull else { return nil }
    if node.kind == .string { return .direct(HandlerHint(typeName: try node.string())) }
    var named: [(name: String, hint: HandlerHint?)] = []
    for (name, value) in try node.requireObject() {
      let hint = value.isNull ? nil : HandlerHint(typeName: try value.string())
      named.append((name, hint))
    }
    return .named(named)
  }

  /// Returns an object that has members; `nil` for null and for an empty one.
  private static func object(_ node: JSONNode?) throws(CoppiceError) -> JSON? {
    guard let node, !node.isNull else { return nil }
    _ = try node.requireObject()
    return node.count == 0 ? nil : node.json
  }

  /// Returns a time in nanoseconds since 1970, which may exceed the integers of JSON readers.
  private static func time(_ node: JSONNode?) throws(CoppiceError) -> Timestamp? {
    guard let node, !node.isNull else { return nil }
    guard let time = Int(try node.numberText()) else {
      throw node.error(.jsonNumberRange, "a time in nanoseconds is an integer of 64 bits")
    }
    return Timestamp(nanoseconds: time)
  }
}

extension JSON.Member {
  /// Returns whether the name has exactly these bytes.
  func isNamed(_ name: String) -> Bool { self.name.utf8.elementsEqual(name.utf8) }
}

extension JSONDocument {
  /// Parses a file of a checkpoint that Python's `json` wrote.
  init(
    in directory: DirectoryHandle, _ name: String, limits: ReadLimits
  ) throws(CoppiceError) {
    let bytes = try directory.allBytes(of: name, limit: limits.documentBytes)
    try self.init(stored: bytes, file: directory.displayName(name), limits: limits)
  }
}
