import CoppiceFiles
import CoppiceModel
import SystemPackage

/// The files of a repaired checkpoint, without its root document.
struct RepairOutput {
  enum Content {
    /// The file of the damaged checkpoint: a hard link to it, or a copy.
    case unchanged
    case new([UInt8])
  }

  private let source: DirectoryHandle
  private var directories: [String] = []
  private var files: [(path: String, content: Content)] = []

  init(_ source: DirectoryHandle) { self.source = source }

  /// Adds a directory; its parents must have been added before.
  mutating func addDirectory(_ path: String) { directories.append(path) }

  /// Adds a file, which has the same path in both checkpoints.
  mutating func add(_ path: String, _ content: Content = .unchanged) {
    files.append((path, content))
  }

  /// Writes all directories and files into a directory.
  func write(
    into root: FilePath, durability: Durability, monitor: OperationMonitor
  ) throws(CoppiceError) {
    for path in directories { try OutputDirectory.create(root.appending(path)) }
    var parents: Set<String> = []
    for (path, content) in files {
      let components = try RelativePath(checking: path).components
      for count in 1..<max(components.count, 1) {
        parents.insert(components.prefix(count).joined(separator: "/"))
      }
      let parent = try OutputDirectory.createAll(components.dropLast(), below: root)
      let target = parent.appending(components.last ?? "")
      switch content {
      case .new(let bytes):
        try OutputFile.create(target, holding: bytes, durability: durability)
      case .unchanged:
        try copy(try source.open(path), to: target, durability, monitor)
      }
    }
    guard durability == .durable else { return }
    for path in parents.union(directories).sorted(by: >) {
      try OutputDirectory.sync(root.appending(path))
    }
  }

  private func copy(
    _ file: InputFile, to target: FilePath, _ durability: Durability, _ monitor: OperationMonitor
  ) throws(CoppiceError) {
    if try OutputFile.link(file, at: target, durability: durability) { return }
    let output = try OutputFile(at: target)
    var offset = 0
    try file.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
      try output.write(piece, at: offset)
      offset += piece.byteCount
      try monitor.checkCancellation()
    }
    if durability == .durable { try output.sync() }
  }
}
