/// The path of a node as listings print it: escaped components joined by `/`.
///
/// Which kind of step a component is, only the tree that it is used on can tell.
struct NodePath: Hashable, Sendable {
  /// The escaped components: none of them empty, and at least one.
  let components: [String]

  /// Makes a path of its text.
  ///
  /// - Throws: `usage.tree-path` when a component is empty.
  init(_ text: String) throws(CoppiceError) {
    components = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard !components.contains("") else {
      throw CoppiceError(
        .usageTreePath,
        "\"\(text.printable)\" is no path: components are separated by single slashes, and the empty "
          + "key is %empty")
    }
  }

  static func == (left: Self, right: Self) -> Bool {
    left.components.count == right.components.count
      && zip(left.components, right.components).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }

  func hash(into hasher: inout Hasher) {
    for name in components { TreeKey.string(name).hash(into: &hasher) }
  }
}

extension NodePath: CustomStringConvertible {
  var description: String { components.joined(separator: "/") }
}
