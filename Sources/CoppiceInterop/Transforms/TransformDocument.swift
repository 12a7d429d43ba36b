import CoppiceJSON
package import CoppiceModel

/// A JSON document of changes to a tree: a list of objects, applied in order.
///
/// `TreeTransform.list(parsing:opening:)` describes it.
package struct TransformDocument {
  /// Opens the checkpoint that `merge` names.
  private let open: (String) throws(CoppiceError) -> Tree<ArrayLeaf>

  /// Makes a reader of documents.
  ///
  /// - Parameter open: Returns the tree of a checkpoint to merge.
  package init(opening open: @escaping (String) throws(CoppiceError) -> Tree<ArrayLeaf>) {
    self.open = open
  }

  /// Reads the changes of a document.
  ///
  /// - Throws: `usage.choice` with the place in the document; `usage.glob`; the errors of opening a
  ///   checkpoint to merge.
  package func steps(
    parsing bytes: [UInt8], file: String?
  ) throws(CoppiceError) -> [TreeTransform] {
    do throws(CoppiceError) {
      let root = try JSONDocument(parsing: bytes, file: file).root
      var steps: [TreeTransform] = []
      for node in try root.array() { steps.append(try step(node)) }
      return steps
    } catch {
      // A mistake in the caller's document isn't a fault of a checkpoint, so the code is a usage
      // code.
      guard error.code.rawValue.hasPrefix("json.") else { throw error }
      throw CoppiceError(.usageChoice, error.message, at: error.location)
    }
  }

  private func step(_ node: JSONNode) throws(CoppiceError) -> TreeTransform {
    var reader = try JSONObjectReader(node)
    let step: TreeTransform
    if let old = reader.optional("rename") {
      step = try Self.renaming(old, &reader)
    } else if let path = reader.optional("nest") {
      step = .nest(under: try path.string())
    } else if let separator = reader.optional("nest-by") {
      step = .nestKeys(
        separator: try separator.string(),
        makesLists: try reader.optional("lists").map { (node) throws(CoppiceError) in
          try node.bool()
        } ?? false,
        in: try reader.optional("in").map(Self.globs) ?? [])
    } else if let separator = reader.optional("flatten-by") {
      step = .flattenKeys(
        separator: try separator.string(), in: try reader.optional("in").map(Self.globs) ?? [])
    } else if let globs = reader.optional("drop") {
      step = .drop(try Self.globs(globs))
    } else if let globs = reader.optional("keep") {
      step = .keep(try Self.globs(globs))
    } else if let source = reader.optional("merge") {
      step = .merge(try open(try source.string()))
    } else if let paths = reader.optional("stack") {
      step = .stack(
        try Self.paths(paths), axis: try Self.axis(&reader),
        into: try reader.required("into").string())
    } else if let paths = reader.optional("join") {
      step = .join(
        try Self.paths(paths), axis: try Self.axis(&reader),
        into: try reader.required("into").string())
    } else if let path = reader.optional("unstack") {
      step = .unstack(
        try path.string(), axis: try Self.axis(&reader),
        into: try Self.destination(reader.required("into")))
    } else if let path = reader.optional("split") {
      step = .split(
        try path.string(), axis: try Self.axis(&reader),
        extents: try reader.required("extents").nonNegativeIntegerColumn(),
        into: try Self.destination(reader.required("into")))
    } else if let globs = reader.optional("cast") {
      step = .cast(
        try Self.globs(globs), to: try Self.dtype(reader.required("dtype")),
        mode: try reader.optional("mode").map(Self.mode) ?? .rounding)
    } else if let globs = reader.optional("transpose") {
      step = .transpose(
        try Self.globs(globs),
        axes: try reader.optional("axes").map { (axes) throws(CoppiceError) in
          try axes.nonNegativeIntegerColumn()
        })
    } else if let globs = reader.optional("reshape") {
      step = .reshape(try Self.globs(globs), to: try Self.extents(try reader.required("shape")))
    } else {
      throw node.error(
        .usageChoice,
        "a step is one of rename, nest, nest-by, flatten-by, drop, keep, merge, stack, unstack, join, "
          + "split, transpose, reshape and cast")
    }
    try reader.rejectUnknown()
    return step
  }

  /// Reads one renaming, or an object of several that are made at once.
  private static func renaming(
    _ old: JSONNode, _ reader: inout JSONObjectReader
  ) throws(CoppiceError) -> TreeTransform {
    guard old.kind == .object else {
      let new = try reader.required("to").string()
      let renaming = try renaming(from: try old.string(), to: new, old)
      return renaming.isPattern
        ? .renameAll([renaming]) : .rename(from: renaming.oldPath, to: new)
    }
    var renamings: [TreeRenaming] = []
    for member in try old.requireObject() {
      renamings.append(try renaming(from: member.name, to: try member.value.string(), member.value))
    }
    return .renameAll(renamings)
  }

  private static func renaming(
    from old: String, to new: String, _ node: JSONNode
  ) throws(CoppiceError) -> TreeRenaming {
    do throws(CoppiceError) {
      return try TreeRenaming(rule: old, to: new)
    } catch {
      throw node.error(error.code, error.message)
    }
  }

  private static func extents(_ node: JSONNode) throws(CoppiceError) -> [Int] {
    var extents: [Int] = []
    for extent in try node.array() { extents.append(try extent.int()) }
    return extents
  }

  private static func axis(_ reader: inout JSONObjectReader) throws(CoppiceError) -> Int {
    guard let axis = reader.optional("axis") else { return 0 }
    return try axis.nonNegativeInt()
  }

  private static func globs(_ node: JSONNode) throws(CoppiceError) -> [PathGlob] {
    var globs: [PathGlob] = []
    for pattern in try node.array() { globs.append(try PathGlob(try pattern.string())) }
    return globs
  }

  private static func dtype(_ node: JSONNode) throws(CoppiceError) -> DType {
    guard let dtype = DType(rawValue: try node.string()) else {
      let names = DType.allCases.map(\.rawValue).joined(separator: ", ")
      throw node.error(.usageChoice, "this is no element type; there are \(names)")
    }
    return dtype
  }

  private static func mode(_ node: JSONNode) throws(CoppiceError) -> CastMode {
    guard let mode = CastMode(rawValue: try node.string()) else {
      let names = CastMode.allCases.map(\.rawValue).joined(separator: ", ")
      throw node.error(.usageChoice, "this is no cast mode; there are \(names)")
    }
    return mode
  }

  private static func destination(
    _ node: JSONNode
  ) throws(CoppiceError) -> TreeTransform.Destination {
    if node.kind == .string { return .list(try node.string()) }
    return .paths(try paths(node))
  }

  private static func paths(_ node: JSONNode) throws(CoppiceError) -> [String] {
    var paths: [String] = []
    for path in try node.array() {
      guard let expanded = expand(try path.string()) else {
        throw path.error(.usageChoice, "the range is backwards, or longer than a tree has leaves")
      }
      paths += expanded
    }
    return paths
  }

  /// Returns the paths of a text with `{A..B}`; `nil` for an invalid range.
  private static func expand(_ text: String) -> [String]? {
    guard let match = text.firstMatch(of: /\{([0-9]+)\.\.([0-9]+)\}/) else { return [text] }
    guard let first = Int(match.1), let last = Int(match.2), first <= last,
      last - first < ReadLimits.standard.leaves
    else { return nil }
    let (before, after) = (text[..<match.range.lowerBound], text[match.range.upperBound...])
    return (first...last).map { "\(before)\($0)\(after)" }
  }
}
