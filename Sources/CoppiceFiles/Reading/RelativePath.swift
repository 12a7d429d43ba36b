package import CoppiceModel

/// A path from a document: names joined by `/`, none of which leads upwards or to an absolute path.
package struct RelativePath: Sendable {
  /// The names; empty for the directory itself.
  package let components: [String]

  /// Checks a path from a document.
  ///
  /// - Throws: `file.outside` when it is absolute, has `..`, an empty name, or a zero byte.
  package init(checking text: String) throws(CoppiceError) {
    guard !text.isEmpty else {
      components = []
      return
    }
    var names: [String] = []
    for part in text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false) {
      let name = String(part) ?? ""
      guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(0) else {
        throw CoppiceError(
          .fileOutside,
          "the path \"\(text.printable)\" is not a plain path inside the checkpoint; it is refused")
      }
      names.append(name)
    }
    components = names
  }
}
