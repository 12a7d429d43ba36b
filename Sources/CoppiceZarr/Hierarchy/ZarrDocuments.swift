import CoppiceFiles
import CoppiceJSON
import CoppiceModel

/// The metadata documents of a hierarchy: those of its nodes, and the consolidated copies at the root.
struct ZarrDocuments {
  /// The documents of one node.
  struct Node {
    enum Kind { case group, array }
    var kind: Kind
    /// The document, and the name that messages have for it.
    var document: JSONNode
    var place: String
    /// The user's attributes, if there are any.
    var attributes: JSONNode?
    /// Whether the node's own document is missing, so that the consolidated copy stands for it.
    var isCopy = false
  }

  let store: any KeyValueStore
  let isVersion3: Bool
  private let limits: ReadLimits
  /// The consolidated copies: of version 2 by key, of version 3 by path.
  private var copies: [[UInt8]: JSONNode] = [:]
  private var copiesPlace = ""
  /// The names of the members of each group that the copies have.
  private var copiedMembers: [[UInt8]: Set<[UInt8]>] = [:]

  /// The names of the documents at a root.
  static let rootNames = ["zarr.json", ".zarray", ".zgroup", ".zmetadata"]

  /// Finds the version of a store, and reads its consolidated metadata.
  ///
  /// Where a node has documents of both versions, those of version 3 count, as in zarr-python.
  ///
  /// - Throws: `json.*`, `zarr.*`, `file.outside`, `io.*`.
  init(_ store: any KeyValueStore, limits: ReadLimits) throws(CoppiceError) {
    self.store = store
    self.limits = limits
    let root = try Self.document(Array("zarr.json".utf8), in: store, limits)
    isVersion3 = root != nil
    if let root {
      if let copies = root.node["consolidated_metadata"], !copies.isNull {
        try read(copies, at: root.place)
      }
    } else if let copies = try Self.document(Array(".zmetadata".utf8), in: store, limits) {
      try read(copies.node, at: copies.place)
    }
  }

  private mutating func read(_ node: JSONNode, at place: String) throws(CoppiceError) {
    guard let metadata = node["metadata"] else { return }
    copiesPlace = place
    for member in try metadata.requireObject() {
      do throws(CoppiceError) {
        _ = try RelativePath(checking: member.name)
      } catch {
        throw error.located(file: place)
      }
      let key = Array(member.name.utf8)
      copies[key] = member.value
      // Each name on the way down to the node is a member of the one before it.
      let path = isVersion3 ? key[...] : key[..<(key.lastIndex(of: 0x2F) ?? 0)]
      guard !path.isEmpty else { continue }
      for (end, byte) in zip(path.indices, path) where byte == 0x2F { list(Array(path[..<end])) }
      list(Array(path))
    }
  }

  private mutating func list(_ path: [UInt8]) {
    let slash = path.lastIndex(of: 0x2F)
    let (group, name) =
      slash.map { (Array(path[..<$0]), Array(path[($0 + 1)...])) } ?? ([], path)
    copiedMembers[group, default: []].insert(name)
  }

  /// Returns the names of a group's members in the store or in the copies, sorted by their bytes.
  func members(of path: String) throws(CoppiceError) -> [String] {
    let prefix = path.isEmpty ? [] : Array(path.utf8) + [0x2F]
    // A group that only a copy describes may have no directory.
    let stored: [String]
    do throws(CoppiceError) {
      stored = try store.directories(in: prefix)
    } catch {
      guard error.code == .fileMissing else { throw error }
      stored = []
    }
    let listed = copiedMembers[Array(path.utf8)] ?? []
    let names = listed.union(stored.map { Array($0.utf8) })
    return names.sorted { $0.lexicographicallyPrecedes($1) }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// Returns the documents of a node; `nil` where there is none.
  ///
  /// - Throws: `json.*`, `zarr.malformed`, `io.*`.
  func node(_ path: String) throws(CoppiceError) -> Node? {
    isVersion3 ? try version3(path) : try version2(path)
  }

  private func version3(_ path: String) throws(CoppiceError) -> Node? {
    let own = try Self.document(Self.key(path, "zarr.json"), in: store, limits)
    guard let (document, place) = own ?? copy(Array(path.utf8)) else { return nil }
    try Self.check(document, version: 3)
    guard let type = document["node_type"] else {
      throw document.error(.zarrMalformed, "the document has no node_type")
    }
    guard type.stringEquals("array") || type.stringEquals("group") else {
      throw type.error(.zarrMalformed, "node_type must be array or group")
    }
    return Node(
      kind: type.stringEquals("array") ? .array : .group, document: document, place: place,
      attributes: document["attributes"], isCopy: own == nil)
  }

  private func version2(_ path: String) throws(CoppiceError) -> Node? {
    for (name, kind) in [(".zarray", Node.Kind.array), (".zgroup", .group)] {
      let key = Self.key(path, name)
      let own = try Self.document(key, in: store, limits)
      guard let (document, place) = own ?? copy(key) else { continue }
      try Self.check(document, version: 2)
      return Node(
        kind: kind, document: document, place: place, attributes: try attributes(path),
        isCopy: own == nil)
    }
    return nil
  }

  private func attributes(_ path: String) throws(CoppiceError) -> JSONNode? {
    let key = Self.key(path, ".zattrs")
    return try Self.document(key, in: store, limits)?.node ?? copies[key]
  }

  /// Returns the copy of an array's document, if there is one besides its own.
  func copy(of path: String) -> JSONNode? {
    copies[isVersion3 ? Array(path.utf8) : Self.key(path, ".zarray")]
  }

  /// Whether there are consolidated copies.
  var hasCopies: Bool { !copiesPlace.isEmpty }

  /// Returns whether a node below the root has a copy.
  func hasCopy(of path: String) -> Bool {
    let path = Array(path.utf8)
    let slash = path.lastIndex(of: 0x2F)
    let name = Array(path[(slash.map { $0 + 1 } ?? 0)...])
    return copiedMembers[Array(path[..<(slash ?? 0)])]?.contains(name) ?? false
  }

  private func copy(_ key: [UInt8]) -> (node: JSONNode, place: String)? {
    copies[key].map { (node: $0, place: copiesPlace) }
  }

  private static func check(_ document: JSONNode, version: Int) throws(CoppiceError) {
    guard let found = document["zarr_format"] else {
      throw document.error(.zarrMalformed, "the document has no zarr_format")
    }
    guard try found.int() == version else {
      throw found.error(.zarrMalformed, "zarr_format must be \(version) in such a document")
    }
  }

  private static func key(_ path: String, _ name: String) -> StoreKey {
    Array((path.isEmpty ? name : path + "/" + name).utf8)
  }

  private static func document(
    _ key: StoreKey, in store: any KeyValueStore, _ limits: ReadLimits
  ) throws(CoppiceError) -> (node: JSONNode, place: String)? {
    guard let value = try store.value(of: key) else { return nil }
    let place = store.displayName(of: key)
    // Only documents of a root have copies of all others.
    let most = key.contains(0x2F) ? ZarrMetadata.mostBytes : limits.documentBytes
    guard value.byteCount <= most else {
      throw CoppiceError(
        .zarrTooLarge, "the document has \(value.byteCount) bytes; at most \(most) are read",
        at: .init(file: place))
    }
    do throws(CoppiceError) {
      let text = try value.bytes(at: 0, count: value.byteCount)
      let document = try JSONDocument(stored: text, file: place, limits: limits)
      _ = try document.root.requireObject()
      return (document.root, place)
    } catch {
      throw error.located(file: place)
    }
  }
}
