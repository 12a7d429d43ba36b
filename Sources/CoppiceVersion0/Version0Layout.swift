import CoppiceFiles
import CoppiceFormat
import CoppiceModel

/// The kind of a directory by the rules of version 0, judged by the names in it.
///
/// Spec: version 0, V0-1 to V0-6.
enum Version0Layout {
  /// A checkpoint that is one tree without a name.
  case direct
  /// A checkpoint of checkpointables, each in a directory named after it.
  case composite([String])
  /// A run, each of whose steps lies in a directory named by its number.
  case steps([Int])

  /// Examines a directory; `nil` when it is neither a checkpoint nor a run of version 0.
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

  /// Tells whether a directory holds a tree of version 0: one with `tree.json` is of version 1.
  static func isTree(_ directory: DirectoryHandle) throws(CoppiceError) -> Bool {
    try isTree(at: "", in: directory)
  }

  static func isTree(
    at name: String, in directory: DirectoryHandle
  ) throws(CoppiceError) -> Bool {
    let prefix = name.isEmpty ? "" : name + "/"
    guard try directory.hasFile(prefix + DataFile.name(0)) else { return false }
    return try !directory.hasFile(prefix + CheckpointableEntry.treeFileName)
  }

  /// Returns the number of the step whose directory has this name; `nil` for any other name.
  static func stepNumber(_ name: String) -> Int? {
    guard let number = Int(name), String(number) == name, number >= 0, number < 1 << 53 else {
      return nil
    }
    return number
  }
}
