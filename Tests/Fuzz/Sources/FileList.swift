/// The files of a directory as one input: each begins with a line `@@@ name`.
///
/// A text rather than lengths: a change of one file's bytes leaves the others as they are.
struct FileList {
  private(set) var files: [(name: String, bytes: [UInt8])] = []

  private static let mark = Array("\n@@@ ".utf8)
  private static let mostFiles = 32

  init(_ bytes: [UInt8]) {
    var rest = (Array("\n".utf8) + bytes)[...]
    guard rest.starts(with: Self.mark) else { return }
    rest = rest.dropFirst(Self.mark.count)
    while files.count < Self.mostFiles {
      let end = Self.nextMark(in: rest) ?? rest.endIndex
      let file = rest[..<end]
      let line = file.prefix { $0 != 0x0A }
      if let name = String(validating: line, as: UTF8.self), Self.isPlain(name) {
        files.append((name, Array(file.dropFirst(line.count + 1))))
      }
      guard end < rest.endIndex else { return }
      rest = rest[(end + Self.mark.count)...]
    }
  }

  private static func nextMark(in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    return (bytes.startIndex...(bytes.endIndex - mark.count)).first {
      bytes[$0] == 0x0A && bytes[$0...].starts(with: mark)
    }
  }

  /// Whether a file of this name stays in the directory.
  private static func isPlain(_ name: String) -> Bool {
    name.utf8.count < 128 && !name.utf8.contains(0)
      && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        !["", ".", ".."].contains($0)
      }
  }
}
