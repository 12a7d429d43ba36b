/// The path of a node in the spelling of listings: escaped components joined by `/`.
///
/// Whether a component is a key, an index or a field depends on the tree that the path is used on.
struct NodePath: Hashable, Sendable {
  /// The escaped components: at least one, and none empty.
  let components: [String]

  /// Makes a path from its text.
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
