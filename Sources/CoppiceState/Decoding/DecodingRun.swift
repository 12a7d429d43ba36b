import CoppiceModel

/// One call of a decoder: its choices, and the state shared by all nodes.
final class DecodingRun {
  let options: TreeDecoder.Options
  var callDepth = 0

  /// The path in the tree for a path in the type; they differ where nodes were renamed.
  private let original: (TreePath) -> TreePath

  init(_ options: TreeDecoder.Options, original: @escaping (TreePath) -> TreePath) {
    self.options = options
    self.original = original
  }

  /// Decodes the root node.
  func decodeRoot<Value: Decodable>(
    _ type: Value.Type, from tree: Tree<NDArray>, usage: NodeUsage?
  ) throws(CoppiceError) -> Value {
    do {
      return try CodedNode(run: self, node: tree, place: nil, usage: usage).decode(type)
    } catch let error as CoppiceError {
      throw error
    } catch let error as DecodingError {
      throw error.located(in: tree, original)
    } catch {
      throw CoppiceError(
        .stateCoding, "a type's own decoding failed: \(error)", cause: .other(error))
    }
  }
}

extension DecodingError {
  /// Returns an error with its path in the tree.
  fileprivate func located(
    in tree: Tree<NDArray>, _ original: (TreePath) -> TreePath
  ) -> CoppiceError {
    let (context, missing) =
      switch self {
      case .keyNotFound(let key, let context): (context, key as (any CodingKey)?)
      case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .dataCorrupted(let context):
        (context, nil)
      @unknown default: (Context(codingPath: [], debugDescription: "\(self)"), nil)
      }
    let path = original(tree.path(for: context.codingPath + (missing.map { [$0] } ?? [])))
    return CoppiceError(
      .stateCoding, context.debugDescription, at: .init(treePath: path.description),
      cause: context.underlyingError.map { .other($0) })
  }
}

extension Tree where Leaf == NDArray {
  /// Returns the path in the tree for a coding path, as far as the tree has it.
  fileprivate func path(for keys: [any CodingKey]) -> TreePath {
    var node: Tree? = self
    var path = TreePath()
    for key in keys {
      let child = node?.child(for: key)
      path = path.appending(child?.component ?? .key(TreeKey(key)))
      node = child?.node
    }
    return path
  }

  private func child(for key: any CodingKey) -> (component: TreePath.Component, node: Tree)? {
    let candidates: [TreePath.Component] =
      switch self {
      case .record: [.field(key.stringValue)]
      case .list, .tuple: [.index(key.intValue ?? -1)]
      default: [.key(.string(key.stringValue))] + (key.intValue.map { [.key(.integer($0))] } ?? [])
      }
    return children.first { candidates.contains($0.component) }
  }
}
