package import CoppiceModel

/// Rules for the paths of files in a checkpointable of kind "files".
///
/// Spec: DIR-10, DIR-11.
package enum ListedPath {
  /// The most bytes that a path may have.
  package static let maximumBytes = 4096
  /// The most bytes that one component may have.
  package static let maximumComponentBytes = 255

  /// Returns whether a path is plain: relative, and without `..` or other detours.
  package static func isPlain(_ path: String) -> Bool {
    guard path.utf8.count <= maximumBytes else { return false }
    return path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).allSatisfy {
      component in
      (1...maximumComponentBytes).contains(component.count) && !component.contains(0)
        && !component.elementsEqual(".".utf8) && !component.elementsEqual("..".utf8)
    }
  }

  /// Checks a whole list of paths; writers call this.
  ///
  /// - Throws: `directory.bad-path`.
  package static func check(_ paths: [String]) throws(CoppiceError) {
    for path in paths where !isPlain(path) {
      throw CoppiceError(
        .directoryBadPath,
        "\"\(path.prefix(80))\" is no plain relative path of at most \(maximumBytes) bytes")
    }
    let sorted = paths.sorted(by: precedes)
    for (path, next) in zip(sorted, sorted.dropFirst()) {
      guard !path.utf8.elementsEqual(next.utf8) else {
        throw CoppiceError(.directoryBadPath, "the file \"\(path)\" is listed twice")
      }
      guard !isBelow(next, path) else {
        throw CoppiceError(
          .directoryBadPath, "\"\(path)\" is a file, so \"\(next)\" can't lie below it")
      }
    }
  }

  /// Orders paths so that those below a path come directly after it: `/` sorts before all other
  /// bytes.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8) { rank($0) < rank($1) }
  }

  private static func rank(_ byte: UInt8) -> UInt8 { byte == 0x2F ? 0 : byte }

  private static func isBelow(_ path: String, _ other: String) -> Bool {
    path.utf8.starts(with: other.utf8) && path.utf8.dropFirst(other.utf8.count).first == 0x2F
  }
}
