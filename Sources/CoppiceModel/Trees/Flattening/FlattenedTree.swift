/// A tree in a format without nesting: arrays under flat names, and notes about everything lost.
package struct FlattenedTree<Element: FlatArray> {
  /// The arrays in the order of the tree.
  package private(set) var arrays: [Element] = []
  package private(set) var notes: [ConversionNote] = []

  private let naming = Element.naming
  /// The path of the array that has each name.
  private var names: [TreeKey: TreePath] = [:]
  private var nestedContainers = 0

  /// Flattens a tree; the keys of each path, joined, become the name.
  ///
  /// - Throws: The format's codes for names that collide, and for arrays that it can't hold.
  package init(_ tree: Tree<ArrayLeaf>) throws(CoppiceError) {
    switch tree {
    case .dict: try add(tree.children, below: [], at: TreePath())
    case .list, .tuple, .record: try add(tree, named: [], at: TreePath())
    case .leaf, .value:
      try add(tree, named: [naming.nameOfOnly.text], at: TreePath())
      if !arrays.isEmpty {
        notes.add(
          .structure, "the only array is given \(naming.nameOfOnly.words)", at: TreePath())
      }
    }
    if nestedContainers > 0 {
      let change =
        nestedContainers == 1
        ? "1 container became a part of names"
        : "\(nestedContainers) containers became parts of names"
      notes.insert(
        .init(.structure, "names are flat: \(change), joined by \(naming.separator.word)"), at: 0)
    }
  }

  private mutating func add(
    _ children: [(component: TreePath.Component, node: Tree<ArrayLeaf>)], below steps: [String],
    at path: TreePath
  ) throws(CoppiceError) {
    for (component, child) in children {
      let childPath = path.appending(component)
      let step = notes.text(of: component, at: childPath)
      try add(child, named: steps + [step], at: childPath)
    }
  }

  private mutating func add(
    _ node: Tree<ArrayLeaf>, named steps: [String], at path: TreePath
  ) throws(CoppiceError) {
    switch node {
    case .leaf(let leaf):
      notes.addOmissions(of: try leaf.metadata, at: path)
      try add(try leaf.source, named: steps, at: path)
    case .value(let value): try add(value, named: steps, at: path)
    case .dict, .list, .tuple, .record:
      let children = node.children
      guard !children.isEmpty else {
        notes.add(
          .emptyContainer, "an empty container has no arrays; it is left out", at: path)
        return
      }
      nestedContainers += 1
      try add(children, below: steps, at: path)
    }
  }

  private mutating func add(
    _ value: TreeValue, named steps: [String], at path: TreePath
  ) throws(CoppiceError) {
    switch value {
    case .null: notes.add(.leftOut, "None can't be written; it is left out", at: path)
    case .string where !Element.holdsTexts:
      notes.add(.leftOut, "a string can't be written; it is left out", at: path)
    case .bytes where !Element.holdsTexts:
      notes.add(.leftOut, "bytes can't be written; they are left out", at: path)
    case .stringArray where !Element.holdsTexts:
      notes.add(.leftOut, "an array of texts can't be written; it is left out", at: path)
    case .string(let text):
      let texts = TextArray(shape: .scalar, elements: .strings([text]))
      try add(texts, scalar: "a string", named: steps, at: path)
    case .bytes(let bytes):
      let texts = TextArray(shape: .scalar, elements: .bytes([bytes]))
      try add(texts, scalar: "a byte string", named: steps, at: path)
    case .stringArray(let texts): try add(texts, scalar: nil, named: steps, at: path)
    case .int, .float, .bool, .complex:
      guard let array = try notes.scalarArray(of: value, at: path) else { return }
      try add(array, named: steps, at: path)
    }
  }

  /// Adds texts.
  ///
  /// - Parameter scalar: The words for a single text or byte string; `nil` for an array of them.
  private mutating func add(
    _ texts: TextArray?, scalar: String?, named steps: [String], at path: TreePath
  ) throws(CoppiceError) {
    let name = joined(steps)
    guard let texts, let array = try Element.make(of: texts, named: name, at: path) else {
      notes.add(
        .leftOut, "a text that ends in zeros, or is too long, can't be written; it is left out",
        at: path)
      return
    }
    if let scalar {
      notes.add(.scalar, "\(scalar) is written as an array of no dimensions", at: path)
    }
    try add(array, named: name, at: path)
  }

  private mutating func add(
    _ source: any ArraySource, named steps: [String], at path: TreePath
  ) throws(CoppiceError) {
    let name = joined(steps)
    let (array, message) = try Element.make(of: source, named: name, at: path)
    if let message { notes.add(.dtype, message, at: path) }
    try add(array, named: name, at: path)
  }

  private mutating func add(
    _ array: Element, named name: String, at path: TreePath
  ) throws(CoppiceError) {
    if let other = names.updateValue(path, forKey: .string(name)) {
      throw CoppiceError(
        naming.collision.code,
        "this array and \(other) would have the name \"\(name.printable)\" in \(naming.collision.file)",
        at: .init(treePath: path.description))
    }
    arrays.append(array)
  }

  private func joined(_ steps: [String]) -> String {
    steps.joined(separator: naming.separator.text)
  }
}
