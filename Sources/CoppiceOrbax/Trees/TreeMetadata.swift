import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceZarr

/// The contents of `_METADATA`: a tree's leaves by path, and how its arrays are stored.
struct TreeMetadata {
  /// One step of a leaf's path.
  struct Key {
    var name: String
    /// Whether the step is an index of a list rather than a key of a dictionary.
    var isIndex: Bool
  }

  /// One leaf.
  struct Entry {
    var keys: [Key]
    var valueType: String
    /// Whether nothing is stored under the leaf's own name.
    var isSkipped: Bool

    /// The name that its data are stored under; it need not be unique.
    var parameterName: String { keys.map(\.name).joined(separator: ".") }
  }

  var entries: [Entry] = []
  /// Absent before 0.11.31.
  var usesOCDBT: Bool?
  var usesZarr3 = false
  /// Whether every chunk is stored, including those that are all zeros.
  var storesFillValues = false
  /// The user's own metadata, kept with this tree only.
  var custom: JSON?
  /// The container types, if the user asked for them.
  var richTypes: String?

  /// The meaning of an absent chunk: Orbax before 0.10.3 left out chunks of zeros in zarr 3.
  var missingChunks: ZarrArray.MissingChunks {
    usesZarr3 && !storesFillValues ? .areFill : .areErrors
  }

  /// Makes the metadata of a tree that has none.
  init() {}

  /// Reads the document.
  init(in directory: DirectoryHandle, limits: ReadLimits) throws(CoppiceError) {
    let document = try JSONDocument(in: directory, OrbaxName.treeMetadata, limits: limits)
    var reader = try JSONObjectReader(document.root)
    let tree = try reader.required("tree_metadata")
    let members = try tree.requireObject()
    guard members.count <= limits.leaves else {
      throw tree.error(
        .orbaxLimit, "the tree has \(members.count) leaves; at most \(limits.leaves) are read")
    }
    usesOCDBT = try Self.flag(reader.optional("use_ocdbt"))
    usesZarr3 = try Self.flag(reader.optional("use_zarr3")) ?? false
    storesFillValues =
      try Self.flag(reader.optional("store_array_data_equal_to_fill_value")) ?? false
    if let node = reader.optional("custom_metadata"), !node.isNull { custom = node.json }
    if let node = reader.optional("value_metadata_tree"), !node.isNull {
      richTypes = try node.string()
    }
    entries.reserveCapacity(members.count)
    for (_, node) in members { entries.append(try Self.entry(node, limits)) }
  }

  private static func flag(_ node: JSONNode?) throws(CoppiceError) -> Bool? {
    guard let node, !node.isNull else { return nil }
    return try node.bool()
  }

  private static func entry(
    _ node: JSONNode, _ limits: ReadLimits
  ) throws(CoppiceError) -> Entry {
    var reader = try JSONObjectReader(node)
    let path = try reader.required("key_metadata")
    guard path.count <= limits.depth else {
      throw path.error(.orbaxLimit, "the tree is deeper than \(limits.depth) levels")
    }
    var keys: [Key] = []
    for element in try path.array() { keys.append(try key(element, limits)) }
    var value = try JSONObjectReader(try reader.required("value_metadata"))
    return Entry(
      keys: keys, valueType: try value.required("value_type").string(),
      isSkipped: try flag(value.optional("skip_deserialize")) ?? false)
  }

  private static func key(_ node: JSONNode, _ limits: ReadLimits) throws(CoppiceError) -> Key {
    var reader = try JSONObjectReader(node)
    let key = try reader.required("key")
    let name = key.kind == .number ? String(try key.int()) : try key.string()
    guard name.utf8.count <= limits.componentBytes else {
      throw key.error(
        .orbaxLimit,
        "the key has \(name.utf8.count) bytes; at most \(limits.componentBytes) are read")
    }
    let type = try reader.required("key_type")
    switch try type.int() {
    case 1: return Key(name: name, isIndex: true)
    case 2: return Key(name: name, isIndex: false)
    case let other:
      throw type.error(
        .orbaxStructure, "the key type is \(other); it must be 1 (sequence) or 2 (dictionary)")
    }
  }
}
