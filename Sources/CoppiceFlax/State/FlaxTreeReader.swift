import CoppiceFiles
package import CoppiceModel

/// A reader that turns a MessagePack document of Flax's serialization into a tree.
package struct FlaxTreeReader: Sendable {
  package typealias Node = Tree<ArrayLeaf>

  /// The document of the values.
  package let document: MsgpackDocument

  private let limits: ReadLimits

  /// Makes a reader of a document's values.
  package init(_ document: MsgpackDocument, limits: ReadLimits) {
    self.document = document
    self.limits = limits
  }

  /// Returns the tree of a value.
  ///
  /// An array that is damaged, or a value that no tree can hold, becomes a leaf with a fault: an
  /// extension that Flax doesn't write, an array of an unknown type, a map with other keys than texts
  /// and integers.
  ///
  /// - Parameter text: Called with each text; its result replaces the text in the tree.
  /// - Throws: `flax.*`, `msgpack.*`, `io.*`, and the errors of `text`.
  package func tree(
    of value: MsgpackValue, at path: TreePath = TreePath(),
    text: (String, TreePath) throws(CoppiceError) -> Node = { (text, _) in .value(.string(text)) }
  ) throws(CoppiceError) -> Node {
    guard path.components.count <= limits.depth else {
      throw CoppiceError(
        .flaxDepth, "containers are nested deeper than \(limits.depth)",
        at: .init(file: document.file, treePath: path.description))
    }
    switch value {
    case .none: return .value(.null)
    case .bool(let value): return .value(.bool(value))
    case .int(let number): return .value(.int(IntegerText(number)))
    case .uint(let number): return .value(.int(IntegerText(number)))
    case .float(let number): return .value(.float(Float64Bits(number)))
    case .string(let string): return try text(string, path)
    case .bytes(let payload):
      return .value(.bytes(try document.loadBytes(payload)))
    case .array(let values): return .list(try sequence(values, path, text))
    case .map(let entries):
      guard FlaxChunkedArray.isMarked(entries) else { return try dict(entries, path, text) }
      do throws(CoppiceError) {
        return .leaf(ArrayLeaf(try FlaxChunkedArray.source(value, of: document, limits: limits)))
      } catch {
        return try faulty(error, path)
      }
    case .oddMap(let key):
      return try faulty(
        document.error(
          .msgpackKeyType,
          "a map with a key that is \(key) can't be represented; only text and integers are read"),
        path)
    case .ext(let type, let payload):
      let content: FlaxExtension
      do throws(CoppiceError) {
        content = try FlaxExtension(type: type, payload, of: document, limits: limits)
      } catch {
        return try faulty(error, path)
      }
      switch content {
      case .array(let source): return .leaf(ArrayLeaf(source))
      case .complex(let real, let imaginary):
        return .value(
          .complex(real: Float64Bits(real), imaginary: Float64Bits(imaginary)))
      case .tuple(let values): return .tuple(try sequence(values, path, text))
      }
    }
  }

  /// Returns a leaf with a fault for a value that is damaged or can't be represented.
  ///
  /// MessagePack states its length, so the rest can still be read.
  ///
  /// - Throws: An error that doesn't blame the file.
  private func faulty(_ error: CoppiceError, _ path: TreePath) throws(CoppiceError) -> Node {
    let error = error.located(treePath: path.description)
    guard error.code.isInputFault else { throw error }
    return .leaf(ArrayLeaf(LeafFault(error, unsupported: Self.unsupported)))
  }

  /// The codes of values that are whole, though no tree can hold them.
  private static let unsupported: Set<CoppiceError.Code> = [
    .flaxExtensionType, .flaxDType, .msgpackKeyType,
  ]

  private func sequence(
    _ values: [MsgpackValue], _ path: TreePath,
    _ text: (String, TreePath) throws(CoppiceError) -> Node
  ) throws(CoppiceError) -> [Node] {
    var nodes: [Node] = []
    nodes.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      nodes.append(try tree(of: value, at: path.appending(.index(index)), text: text))
    }
    return nodes
  }

  private func dict(
    _ entries: [MsgpackValue.Entry], _ path: TreePath,
    _ text: (String, TreePath) throws(CoppiceError) -> Node
  ) throws(CoppiceError) -> Node {
    var nodes: [Node.Entry] = []
    nodes.reserveCapacity(entries.count)
    for entry in entries {
      let node = try tree(of: entry.value, at: path.appending(.key(entry.key)), text: text)
      nodes.append(.init(entry.key, node))
    }
    return .dict(nodes)
  }
}
