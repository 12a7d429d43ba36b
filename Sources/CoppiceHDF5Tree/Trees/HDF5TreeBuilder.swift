import CoppiceFiles
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

/// A builder that makes a tree of a file's outline: groups become dictionaries, datasets leaves.
struct HDF5TreeBuilder {
  let entries: [FileOutline.Entry]
  private let index: FileOutline.Index
  let limits: ReadLimits
  let order: MemberOrder
  private let scales: DimensionScales
  /// Whether MATLAB's attributes say what objects are.
  private let isMatlab: Bool
  private var reader: DatasetReader
  /// The indexes of each group's members in `entries`, then that of each path.
  private(set) var members: [[UInt8]: [Int]] = [:]
  private(set) var places: [[UInt8]: Int] = [:]
  /// The results for datasets made so far, by index, which further links to them reuse.
  private var known: [Int: Result<Tree<ArrayLeaf>, CoppiceError>] = [:]
  /// The groups and cell arrays that contain the node being made.
  var around: Set<Int> = []
  private var nodesLeft: Int
  /// The references that may still be followed: cells that share others lead to many more than the
  /// file has.
  var referencesLeft = 1 << 16
  private(set) var warnings = LinkWarnings()

  init(
    _ outline: FileOutline, in file: any ByteSource, named name: String, order: MemberOrder,
    scales: DimensionScales, isMatlab: Bool, choices: ElementChoices, limits: ReadLimits
  ) {
    entries = outline.entries
    index = FileOutline.Index(outline)
    self.limits = limits
    self.order = order
    self.scales = scales
    self.isMatlab = isMatlab
    reader = DatasetReader(file, named: name, choices: choices, limits: limits)
    nodesLeft = limits.leaves
    for (place, entry) in entries.enumerated() {
      places[entry.path] = place
      referencesLeft += 16
      if case .dataset(let dataset) = entry.content, let references = Self.references(of: dataset) {
        referencesLeft += 16 * references.paths.count
      }
      guard !entry.path.isEmpty else { continue }
      let slash = entry.path.lastIndex(of: UInt8(ascii: "/"))
      members[Array(entry.path[..<(slash ?? 0)]), default: []].append(place)
    }
  }

  /// Returns the tree of the whole file.
  ///
  /// A dataset that no array can represent, or that can't be read, becomes a leaf with a fault.
  ///
  /// - Throws: `hdf5.*`, located at the object.
  mutating func tree() throws(CoppiceError) -> Tree<ArrayLeaf> {
    guard let root = entries.first, case .group = root.content else {
      throw CoppiceError(.hdf5Invalid, "the file has no root group; it is damaged")
    }
    return try group(0, at: TreePath())
  }

  mutating func group(
    _ place: Int, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    guard path.components.count <= limits.depth else {
      throw CoppiceError(
        .hdf5Limit, "groups nest deeper than \(limits.depth); the file is refused",
        at: .init(treePath: path.description))
    }
    around.insert(place)
    defer { around.remove(place) }
    let group = entries[place].path
    let ordered = order.sorted(members[group] ?? [], of: group) { entries[$0].path }
    var names = LinkNames(limit: limits.componentBytes)
    var nodes: [Tree<ArrayLeaf>.Entry] = []
    for member in ordered where !isHidden(entries[member].path) {
      guard let name = names.key(of: scales.shown(entries[member].path)) else { continue }
      let child = path.appending(.key(name))
      if let node = try node(member, at: child) { nodes.append(.init(name, node)) }
    }
    for refusal in names.refused {
      try spendNode(at: path)
      nodes.append(.init(refusal.key, faulty(refusal.error, at: path.appending(.key(refusal.key)))))
    }
    return .dict(nodes)
  }

  /// Returns whether an object is no part of the tree.
  private func isHidden(_ path: [UInt8]) -> Bool {
    scales.isBare(path) || isMatlab && MatlabFile.isHidden(path)
  }

  /// Counts a node against the limit.
  mutating func spendNode(at path: TreePath) throws(CoppiceError) {
    nodesLeft -= 1
    guard nodesLeft >= 0 else {
      throw CoppiceError(
        .hdf5Limit, "links lead to more than \(limits.leaves) nodes; the file is refused",
        at: .init(treePath: path.description))
    }
  }

  /// Returns the node of a link; `nil` when the link has none.
  mutating func node(
    _ place: Int, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    try spendNode(at: path)
    switch entries[place].content {
    case .group(let attributes):
      guard !around.contains(place) else {
        warnings.add(.hdf5Link, "leads back to a group around it and is left out", at: path)
        return nil
      }
      if isMatlab, let object = MatlabObject(attributes) {
        return try matlabGroup(object, place, at: path)
      }
      return try group(place, at: path)
    case .dataset(let dataset): return try node(of: dataset, place, at: path)
    case .sameObject, .softLink:
      guard let target = index.object(at: entries[place].path).flatMap({ places[$0.path] }) else {
        warnings.add(.hdf5Link, "is a link that leads to nothing here; it is left out", at: path)
        return nil
      }
      return try node(target, at: path)
    case .datatype:
      warnings.add(.hdf5NamedType, "is a datatype by itself; it is left out", at: path)
      return nil
    case .externalLink(let file, _):
      return faulty(
        CoppiceError(
          .hdf5Outside,
          "a link into the file \"\(String(decoding: file, as: UTF8.self).printable)\" can't be an array: "
            + "other files are never opened"), at: path)
    case .userDefinedLink(let type):
      return faulty(
        CoppiceError(
          .hdf5UnsupportedType,
          "a link of the user-defined type \(type) can't be an array: only the program that made it knows "
            + "where it leads"), at: path)
    case .unknown:
      return faulty(
        CoppiceError(
          .hdf5UnsupportedType, "an object of an unknown kind can't be an array"),
        at: path)
    case .unreadable(let code, let reason):
      return faulty(CoppiceError(code, reason), at: path)
    }
  }

  private mutating func node(
    of dataset: DatasetOutline, _ place: Int, at path: TreePath
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let object = isMatlab ? MatlabObject(dataset.attributes) : nil
    if let object, object.className == "cell", !object.isEmpty {
      return try cells(dataset, place, at: path)
    }
    if let sequences = try sequences(dataset, at: path) { return sequences }
    let result: Result<Tree<ArrayLeaf>, CoppiceError>
    if let found = known[place] {
      result = found
    } else {
      do throws(CoppiceError) {
        let node: Tree<ArrayLeaf>
        if let object {
          node = try reader.node(dataset, of: object)
        } else {
          node = try reader.node(dataset)
        }
        if let warning = reader.warning(about: dataset) {
          warnings.add(warning.code, warning.message, at: path)
        }
        result = .success(node)
      } catch {
        guard error.code.isInputFault else { throw error.located(treePath: path.description) }
        result = .failure(error)
      }
      known[place] = result
    }
    switch result {
    case .success(let node): return node
    case .failure(let error): return faulty(error, at: path)
    }
  }

  /// Returns a leaf with a fault.
  func faulty(_ error: CoppiceError, at path: TreePath) -> Tree<ArrayLeaf> {
    let error = error.located(file: reader.name, treePath: path.description)
    return .leaf(ArrayLeaf(LeafFault(error, unsupported: Self.unsupported)))
  }

  /// The codes of datasets that are whole, though no array here can represent them.
  private static let unsupported: Set<CoppiceError.Code> = [
    .hdf5UnsupportedType, .hdf5UnsupportedFilter, .hdf5Outside, .hdf5NewerVersion, .hdf5Limit,
    .hdf5Name,
  ]
}

/// The warnings about links left out of a tree, and elements read as others: a few of each kind, then the number of the others.
struct LinkWarnings {
  private var found: [(code: CoppiceError.Code, warnings: [CoppiceError], count: Int)] = []
  private static let most = 8

  mutating func add(_ code: CoppiceError.Code, _ message: String, at path: TreePath) {
    if !found.contains(where: { $0.code == code }) { found.append((code, [], 0)) }
    guard let place = found.firstIndex(where: { $0.code == code }) else { return }
    found[place].count += 1
    guard found[place].warnings.count < Self.most else { return }
    found[place].warnings.append(
      CoppiceError(code, message, at: .init(treePath: path.description)))
  }

  /// All warnings, bounded in number.
  var all: [CoppiceError] {
    found.flatMap { kind in
      let rest = kind.count - kind.warnings.count
      return kind.warnings
        + (rest > 0 ? [CoppiceError(kind.code, "the same is true of \(rest) other paths")] : [])
    }
  }
}
