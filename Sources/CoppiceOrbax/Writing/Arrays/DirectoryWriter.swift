import CoppiceFiles
import CoppiceModel
import CoppiceZarr
import SystemPackage

/// A writer that stores each value as a file, whose path is the key.
final class DirectoryWriter: ArraySink {
  private let directory: FilePath
  private let durability: Durability
  /// The directories that were made or used, by path.
  private var directories: [[UInt8]: FilePath] = [:]
  private var values = StoredValues()

  init(in directory: FilePath, durability: Durability) {
    self.directory = directory
    self.durability = durability
  }

  func put(_ key: StoreKey, _ bytes: RawSpan) throws(CoppiceError) {
    let slash = key.lastIndex(of: 0x2F)
    let parent = try parent(slash.map { Array(key[..<$0]) } ?? [])
    let name = String(decoding: key[(slash.map { $0 + 1 } ?? 0)...], as: UTF8.self)
    let file = try OutputFile(at: parent.appending(name))
    try file.write(bytes, at: 0)
    if durability == .durable { try file.sync() }
    values.files.append((key, bytes.byteCount))
  }

  private func parent(_ path: [UInt8]) throws(CoppiceError) -> FilePath {
    if let known = directories[path] { return known }
    let components = path.split(separator: 0x2F).map { String(decoding: $0, as: UTF8.self) }
    let made = try OutputDirectory.createAll(components, below: directory)
    directories[path] = made
    // The parent directories are new too.
    if let slash = path.lastIndex(of: 0x2F) { _ = try parent(Array(path[..<slash])) }
    return made
  }

  func reserve(_ key: StoreKey, byteCount: Int) throws(CoppiceError) -> OutputRange? { nil }

  func allocate() throws(CoppiceError) {}

  /// Puts the directories' entries on stable storage.
  func close() throws(CoppiceError) -> StoredValues {
    guard durability == .durable else { return values }
    for path in directories.values { try OutputDirectory.sync(path) }
    return values
  }
}
