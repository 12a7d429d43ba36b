import Coppice

/// The rows of a listing: one for each leaf, value, document or file, or for a fault in its place.
struct Listing {
  var rows: [ListingRow] = []

  /// The faults of everything that is damaged.
  private(set) var faults = FaultList()

  /// The number of components of the node that is listed.
  private(set) var baseDepth = 0

  /// Whether the places of arrays in files are listed.
  private let hasPlaces: Bool

  /// Lists the node or checkpoint at an address, or the nodes that match the pattern there, and opens
  /// nothing else.
  ///
  /// - Parameter hasPlaces: Whether the places of arrays in files are listed.
  /// - Throws: The errors of `CheckpointAddress.node`; `usage.glob`, `usage.tree-path`; `io.*`.
  init(
    of contents: CheckpointContents, at address: CheckpointAddress? = nil, hasPlaces: Bool = false
  ) throws(CoppiceError) {
    self.hasPlaces = hasPlaces
    let pattern = try address.flatMap { (address) throws(CoppiceError) in
      try ListingPattern(address, in: contents)
    }
    try add(contents, at: pattern?.address ?? address)
    guard let pattern else { return }
    rows.removeAll { !pattern.matches($0) }
    guard !rows.isEmpty else { throw pattern.matchesNothing }
    faults = FaultList()
    for row in rows { note(row) }
  }

  private mutating func add(
    _ contents: CheckpointContents, at address: CheckpointAddress?
  ) throws(CoppiceError) {
    guard let node = try address?.node(in: contents) else { return try add(contents.root) }
    let base = node.place.split(separator: "/").map(String.init)
    baseDepth = base.count
    try add(node.item, at: base)
  }

  private mutating func add(_ root: CheckpointContents.Root) throws(CoppiceError) {
    switch root {
    case .unnamed(let item): try add(item, at: [])
    case .named(let items): for item in items { try add(item, at: [item.name]) }
    }
  }

  private mutating func add(
    _ item: NamedCheckpointable, at place: [String]
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      let opened = try item.listed
      try add(opened.value, at: place)
      if let fault = opened.fault { add(fault, ofCheckpointable: place) }
    } catch {
      guard error.isDamage else { throw error }
      add(error, ofCheckpointable: place)
    }
  }

  private mutating func add(_ fault: CoppiceError, ofCheckpointable place: [String]) {
    let row = ListingRow(components: place, type: "damaged", fault: LeafFault(.damaged, fault))
    rows.append(row)
    // A fault that names a file is in its place already.
    faults.add { fault.location.file?.isEmpty ?? true ? fault.located(treePath: row.path) : fault }
  }

  private mutating func add(_ item: Checkpointable, at place: [String]) throws(CoppiceError) {
    switch item {
    case .tree(let tree): try add(tree, at: place, TreePath())
    case .json: rows.append(ListingRow(components: place, type: "json"))
    case .files(let files):
      for file in files {
        var row = ListingRow(
          components: place + file.path.split(separator: "/").map(String.init), type: "file",
          bytes: file.bytes.byteCount)
        if hasPlaces, let place = file.bytes.place { row.places = [place] }
        rows.append(row)
      }
    case .composite(let items):
      for item in items { try add(item, at: place + [item.name]) }
    }
  }

  /// Adds the rows of a node.
  ///
  /// - Parameters:
  ///   - place: The components of the node's row.
  ///   - path: The path of the node in the tree that is listed.
  private mutating func add(
    _ node: Tree<ArrayLeaf>, at place: [String], _ path: TreePath
  ) throws(CoppiceError) {
    switch node {
    case .leaf(let leaf): try add(leaf, at: place, path)
    case .value(let value): rows.append(ListingRow(value, at: place))
    default:
      let children = node.children
      if children.isEmpty {
        rows.append(ListingRow(components: place, type: ListingRow.emptyName(node)))
      }
      for child in children {
        try add(
          child.node, at: place + [child.component.escaped], path.appending(child.component))
      }
    }
  }

  private mutating func add(
    _ leaf: ArrayLeaf, at place: [String], _ path: TreePath
  ) throws(CoppiceError) {
    guard let metadata = try? leaf.metadata else {
      let fault = leaf.fault ?? LeafFault(.damaged, .init(.statusNo, ""))
      return add(ListingRow(components: place, type: fault.kind.rawValue, fault: fault))
    }
    var row = ListingRow(
      components: place, type: metadata.dtype.rawValue, shape: metadata.shape,
      bytes: metadata.shape.byteCount(of: metadata.dtype), sharding: metadata.sharding,
      prng: metadata.prngImplementation, fault: leaf.fault)
    if hasPlaces, leaf.fault == nil {
      do throws(CoppiceError) {
        row.places = try leaf.places(at: path)
      } catch {
        guard error.isDamage else { throw error }
        row.fault = LeafFault(.damaged, error)
      }
    }
    add(row)
  }

  private mutating func add(_ row: ListingRow) {
    note(row)
    rows.append(row)
  }

  /// Adds the fault of a row, if it is damaged.
  private mutating func note(_ row: ListingRow) {
    guard let fault = row.fault, fault.kind == .damaged else { return }
    faults.add { fault.error.located(treePath: row.path) }
  }
}
