import CoppiceJSON
import CoppiceModel

/// A builder that makes a tree of a hierarchy: groups become dictionaries, arrays leaves.
struct ZarrTreeBuilder {
  private let documents: ZarrDocuments
  private let limits: ReadLimits
  private var nodesLeft: Int
  private var texts = TextBudget()
  /// The bytes left for arrays whose chunks aren't counted, then for chunks that aren't stored, in all
  /// arrays together.
  private var uncountedBytesLeft = 1 << 30
  private var emptyBytesLeft = 1 << 34
  private var leftOut: [String] = []
  private var loops: [String] = []
  private var unlisted: [String] = []
  private var copied: [String] = []
  private var differing: [String] = []
  private var attributes: [String] = []
  /// The attributes of the root.
  private(set) var rootAttributes: JSON?

  init(_ documents: ZarrDocuments, limits: ReadLimits) {
    self.documents = documents
    self.limits = limits
    nodesLeft = limits.leaves
  }

  /// Returns the tree of the whole hierarchy; `nil` when there is no root.
  ///
  /// An array that can't be read becomes a leaf with a fault.
  ///
  /// - Throws: `json.*`, `zarr.*`, `io.*`.
  mutating func tree() throws(CoppiceError) -> Tree<ArrayLeaf>? {
    guard let root = try documents.node("") else { return nil }
    if case .object(let members)? = root.attributes?.json {
      let plain = members.filter { $0.value.isPlain }
      rootAttributes = plain.isEmpty ? nil : .object(plain)
      attributes += members.filter { !$0.value.isPlain }.map { "@" + $0.name }
    }
    return try tree(of: root, "", at: TreePath())
  }

  private mutating func tree(
    of node: ZarrDocuments.Node, _ name: String, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    if node.isCopy { copied.append(name) }
    if !name.isEmpty, documents.hasCopies, !documents.hasCopy(of: name) { unlisted.append(name) }
    if !name.isEmpty { note(node.attributes, of: name) }
    if let names = node.document["dimension_names"], !names.isNull {
      attributes.append(name + "@dimension_names")
    }
    switch node.kind {
    case .group: return try group(name, at: path)
    case .array: return try array(node, name, at: path)
    }
  }

  private mutating func group(
    _ name: String, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    guard path.components.count < limits.depth else {
      throw CoppiceError(
        .zarrTooLarge, "groups nest deeper than \(limits.depth); the store is refused",
        at: .init(treePath: path.description))
    }
    var entries: [Tree<ArrayLeaf>.Entry] = []
    for member in try documents.members(of: name) {
      nodesLeft -= 1
      guard nodesLeft >= 0, member.utf8.count <= limits.componentBytes else {
        throw CoppiceError(
          .zarrTooLarge,
          "the store has more than \(limits.leaves) nodes, or a name of more than "
            + "\(limits.componentBytes) bytes", at: .init(treePath: path.description))
      }
      let child = path.appending(.key(.string(member)))
      let childName = name.isEmpty ? member : name + "/" + member
      do throws(CoppiceError) {
        guard try !documents.store.leadsBack(childName) else {
          loops.append(childName)
          continue
        }
        guard let node = try documents.node(childName) else {
          leftOut.append(childName)
          continue
        }
        entries.append(.init(.string(member), try tree(of: node, childName, at: child)))
      } catch {
        guard error.code.isInputFault, error.code != .zarrTooLarge else { throw error }
        entries.append(.init(.string(member), Self.faulty(error, at: child)))
      }
    }
    return .dict(entries)
  }

  private mutating func array(
    _ node: ZarrDocuments.Node, _ name: String, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    do throws(CoppiceError) {
      let metadata = try metadata(node.document)
      if !node.isCopy, let copy = documents.copy(of: name),
        (try? self.metadata(copy)) != metadata
      {
        differing.append(name)
      }
      let array = try ZarrArray(
        metadata, named: name, in: documents.store, missingChunks: .areFill, limits: limits,
        place: node.place)
      if let texts = try array.texts(&texts) { return .value(.stringArray(texts)) }
      do throws(CoppiceError) {
        try spend(emptyBytesOf: array, name)
      } catch {
        guard error.code == .zarrTooLarge else { throw error }
        let fault = LeafFault(
          .unsupported, error.located(file: node.place, treePath: path.description))
        return .leaf(
          ArrayLeaf(fault, metadata: ArrayMetadata(dtype: array.dtype, shape: array.shape)))
      }
      return .leaf(ArrayLeaf(array))
    } catch {
      guard error.code.isInputFault else { throw error }
      return Self.faulty(error.located(file: node.place), at: path)
    }
  }

  private func metadata(_ document: JSONNode) throws(CoppiceError) -> ZarrMetadata {
    documents.isVersion3
      ? try ZarrMetadata(version3: document, limits: limits)
      : try ZarrMetadata(version2: document, limits: limits)
  }

  /// Counts the chunks of an array that aren't stored against the limit; small arrays count as a whole.
  ///
  /// A short document can describe an array larger than any disk, all of whose elements are the fill
  /// value.
  private mutating func spend(
    emptyBytesOf array: ZarrArray, _ name: String
  ) throws(CoppiceError) {
    guard array.byteCount > uncountedBytesLeft else {
      uncountedBytesLeft -= array.byteCount
      return
    }
    let prefix = name.isEmpty ? [] : Array(name.utf8) + [0x2F]
    let stored = try documents.store.keys(under: prefix).count
    let (storedBytes, overflow) = array.storedUnitBytes.multipliedReportingOverflow(by: stored)
    let missing = overflow ? 0 : max(array.byteCount - storedBytes, 0)
    guard missing <= emptyBytesLeft else {
      throw CoppiceError(
        .zarrTooLarge,
        "\(missing) of the array's \(array.byteCount) bytes are in no chunk; at most "
          + "\(emptyBytesLeft) bytes of fill values are made, so read it with zarr")
    }
    emptyBytesLeft -= missing
  }

  private mutating func note(_ node: JSONNode?, of name: String) {
    for member in node?.members.map(\.name) ?? [] { attributes.append(name + "@" + member) }
  }

  /// Returns a leaf with a fault.
  private static func faulty(_ error: CoppiceError, at path: TreePath) -> Tree<ArrayLeaf> {
    let error = error.located(treePath: path.description)
    return .leaf(ArrayLeaf(LeafFault(error, unsupported: unsupported)))
  }

  /// The codes of arrays that are whole, though they can't be read here.
  private static let unsupported: Set<CoppiceError.Code> = [
    .zarrUnknownCodec, .zarrUnknownDtype, .zarrUnsupported,
  ]

  /// The warnings about what is not in the tree as it is in the store.
  var warnings: [CoppiceError] {
    func warning(_ code: CoppiceError.Code, _ names: [String], _ text: String) -> CoppiceError? {
      guard !names.isEmpty else { return nil }
      let examples = names.prefix(3).map { $0.isEmpty ? "/" : $0.printable }
      return CoppiceError(
        code, text + examples.joined(separator: ", ") + (names.count > examples.count ? ", …" : ""))
    }
    return [
      warning(
        .zarrNoNode, leftOut,
        "\(leftOut.count) \(leftOut.count == 1 ? "directory has" : "directories have") no metadata "
          + "document of a group or an array and \(leftOut.count == 1 ? "is" : "are") left out: "),
      warning(
        .zarrNoNode, loops,
        "\(loops.count) \(loops.count == 1 ? "link leads" : "links lead") back to a group around and "
          + "\(loops.count == 1 ? "is" : "are") left out: "),
      warning(
        .zarrConsolidated, unlisted,
        "the consolidated metadata don't have \(unlisted.count) "
          + "\(unlisted.count == 1 ? "node, which is" : "nodes, which are") read as well: "),
      warning(
        .zarrConsolidated, copied,
        "\(copied.count) \(copied.count == 1 ? "node has" : "nodes have") no document of "
          + "\(copied.count == 1 ? "its" : "their") own; the consolidated metadata stand for it: "),
      warning(
        .zarrConsolidated, differing,
        "the consolidated metadata say something else than the documents of \(differing.count) "
          + "\(differing.count == 1 ? "array" : "arrays"), which count: "),
      warning(
        .zarrAttributes, attributes,
        "\(attributes.count) attribute\(attributes.count == 1 ? " is" : "s are") not carried over: "
      ),
    ].compactMap { $0 }
  }
}

extension JSON {
  /// Whether the value has no number that only Python's `json` can write.
  fileprivate var isPlain: Bool {
    switch self {
    case .number(let text): !["NaN", "Infinity", "-Infinity"].contains(text)
    case .array(let elements): elements.allSatisfy(\.isPlain)
    case .object(let members): members.allSatisfy { $0.value.isPlain }
    default: true
    }
  }
}
