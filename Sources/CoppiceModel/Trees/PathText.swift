/// The text of a path as programs write it: what listings print, or plain keys joined by `/`.
enum PathText {
  /// Returns the escaped components of a path; none for the empty text, which is the root's.
  ///
  /// A component that isn't in its escaped form, such as `50%` or `.git`, is taken for the key itself.
  static func components(_ text: String) -> [String] {
    guard !text.isEmpty else { return [] }
    return text.split(separator: "/", omittingEmptySubsequences: false).map { part in
      let name = String(part)
      if TreeKey(escaped: name) != nil { return name }
      return TreePath.Component.key(.string(name)).escaped
    }
  }
}
