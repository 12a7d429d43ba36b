import CoppiceFiles
package import CoppiceModel

/// The plan for writing a checkpoint as one of Orbax's, which fixes everything except the data.
package struct OrbaxPlan: Sendable {
  /// The form in which a checkpointable is written.
  indirect enum Item: Sendable {
    case tree(OutputTree)
    case json([UInt8])
    case files([CheckpointFile])
    case composite([(name: String, content: Item)])
  }

  let items: [(name: String, content: Item)]
  let options: OrbaxWriteOptions
  let contents: CheckpointContents

  /// The notes about content that the format can't represent.
  package private(set) var notes: [ConversionNote] = []

  /// Plans a checkpoint.
  ///
  /// - Throws: `orbax.unwritable-name`, `orbax.name-collision`; `usage.one-tree` where the layout
  ///   takes one tree and the checkpoint isn't one.
  package init(
    writing contents: CheckpointContents, options: OrbaxWriteOptions = OrbaxWriteOptions()
  ) throws(CoppiceError) {
    self.contents = contents
    self.options = options
    switch contents.root {
    case .unnamed(let item):
      items = [(options.nameOfUnnamed, try Self.plan(item, "", options, &notes))]
    case .named(let items): self.items = try Self.plan(items, options, &notes)
    }
    guard options.layout == .version0Direct else { return }
    guard items.count == 1, case .tree = items[0].content else {
      throw CoppiceError(
        .usageOneTree, "Orbax's direct layout holds one tree; choose one by `name`")
    }
  }

  private static func plan(
    _ items: [NamedCheckpointable], _ options: OrbaxWriteOptions,
    _ notes: inout [ConversionNote]
  ) throws(CoppiceError) -> [(name: String, content: Item)] {
    var names: Set<TreeKey> = []
    var planned: [(name: String, content: Item)] = []
    for item in items {
      guard names.insert(.string(item.name)).inserted, OrbaxName.canNameItem(item.name) else {
        throw CoppiceError(
          .orbaxUnwritableName,
          "a checkpointable of Orbax can't have the name \"\(item.name.printable)\"; choose "
            + "another `name`")
      }
      planned.append((item.name, try plan(try item.value, item.name, options, &notes)))
    }
    return planned
  }

  private static func plan(
    _ item: Checkpointable, _ name: String, _ options: OrbaxWriteOptions,
    _ notes: inout [ConversionNote]
  ) throws(CoppiceError) -> Item {
    switch item {
    case .tree(let tree):
      let output = try OutputTree(tree, options: options)
      notes += output.notes
      return .tree(output)
    case .json(let json):
      var writer = DocumentWriter()
      try writer.value(json)
      return .json(writer.bytes)
    case .files(let files):
      for file in files { _ = try RelativePath(checking: file.path) }
      return .files(files)
    case .composite(let items):
      notes.append(
        .init(
          .checkpointable,
          "the items of \"\(name.printable)\" are written, but Orbax only loads them one by one"))
      return .composite(try plan(items, options, &notes))
    }
  }

  /// An array that will be written.
  package struct Leaf: Sendable {
    package var checkpointable: String?
    package var path: TreePath
    package var dtype: DType
    package var shape: Shape
  }

  /// The arrays that will be written, including numbers of the tree.
  package var leaves: [Leaf] {
    let isNamed = if case .named = contents.root { true } else { false }
    var leaves: [Leaf] = []
    for (name, tree) in Self.trees(items) {
      for array in tree.arrays {
        leaves.append(
          Leaf(
            checkpointable: isNamed ? name : nil, path: array.path, dtype: array.dtype,
            shape: array.source.shape))
      }
    }
    return leaves
  }

  private static func trees(
    _ items: [(name: String, content: Item)]
  ) -> [(name: String, tree: OutputTree)] {
    var found: [(name: String, tree: OutputTree)] = []
    for (name, item) in items {
      switch item {
      case .tree(let tree): found.append((name, tree))
      case .composite(let items): found += trees(items).map { (name + "/" + $0.name, $0.tree) }
      case .json, .files: break
      }
    }
    return found
  }

  /// The files that will be written, except those whose number depends on the data's size.
  package var files: [(path: String, byteCount: Int?)] {
    var files: [(path: String, byteCount: Int?)] = [(OrbaxName.checkpointMetadata, nil)]
    if options.layout == .version1 { files.append((OrbaxName.marker, 0)) }
    for (name, item) in items {
      let prefix = options.layout == .version0Direct ? "" : name + "/"
      files += Self.files(of: item, in: prefix, options)
    }
    return files
  }

  private static func files(
    of item: Item, in prefix: String, _ options: OrbaxWriteOptions
  ) -> [(path: String, byteCount: Int?)] {
    switch item {
    case .json(let bytes): return [(prefix + OrbaxName.jsonFiles[0], bytes.count)]
    case .files(let files): return files.map { (prefix + $0.path, $0.bytes.byteCount) }
    case .composite(let items):
      return items.flatMap { files(of: $0.content, in: prefix + $0.name + "/", options) }
    case .tree(let tree):
      var files: [(path: String, byteCount: Int?)] = [(prefix + OrbaxName.treeMetadata, nil)]
      if !tree.strings.isEmpty { files.append((prefix + OrbaxName.strings, nil)) }
      guard !tree.arrays.isEmpty else { return files }
      let bytes = tree.arrays.reduce(0) { $0 + $1.chunkCount * $1.chunkBytes }
      switch options.store {
      case .database:
        files.append((prefix + OrbaxName.manifest, nil))
        files.append((prefix + "d/", bytes))
      case .directories:
        files += tree.arrays.map { array in
          (prefix + array.name + "/", array.chunkCount * array.chunkBytes)
        }
      }
      return files
    }
  }
}
