import CoppiceFiles
import CoppiceFormat
import CoppiceModel

/// What a directory is by the rules of version 0, judged by the names in it.
///
/// Spec: version 0, V0-1 to V0-6.
enum Version0Layout {
  /// One tree, without a name.
  case direct
  /// Items, each in a directory of its own, by name.
  case composite([String])
  /// Checkpoints in directories named by their numbers.
  case steps([Int])

  /// Looks at a directory; `nil` when it is nothing of version 0.
  init?(of directory: DirectoryHandle) throws(CoppiceError) {
    guard try !directory.hasFile(RootDocument.fileName) else { return nil }
    if try Self.isTree(directory) {
      self = .direct
      return
    }
    var items: [String] = []
    var steps: [Int] = []
    var hasTree = false
    for entry in try directory.entries() where entry.kind == .directory {
      guard !entry.name.hasPrefix(".") else { continue }
      if let number = Self.stepNumber(entry.name) {
        steps.append(number)
      } else {
        items.append(entry.name)
        if try Self.isTree(at: entry.name, in: directory) { hasTree = true }
      }
    }
    if hasTree {
      self = .composite(items)
    } else if !steps.isEmpty, try !directory.hasFile(RunDocument.fileName) {
      self = .steps(steps.sorted())
    } else {
      return nil
    }
  }

  /// Whether a tree lies in a directory; `tree.json` would make it one of version 1.
  static func isTree(_ directory: DirectoryHandle) throws(CoppiceError) -> Bool {
    try isTree(at: "", in: directory)
  }

  static func isTree(
    at name: String, in directory: DirectoryHandle
  ) throws(CoppiceError) -> Bool {
    let prefix = name.isEmpty ? "" : name + "/"
    guard try directory.hasFile(prefix + ArraysFile.name(0)) else { return false }
    return try !directory.hasFile(prefix + CheckpointableEntry.treeFileName)
  }

  /// The number that a directory of a step is named by.
  static func stepNumber(_ name: String) -> Int? {
    guard let number = Int(name), String(number) == name, number >= 0, number < 1 << 53 else {
      return nil
    }
    return number
  }
}
