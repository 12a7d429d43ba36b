import CoppiceFiles
import CoppiceModel
import Foundation
import SystemPackage

/// The directory in memory that holds the files of the input, and nothing else.
final class Scratch: Sendable {
  static let shared = Scratch()

  private let root: FilePath

  /// The directory of the input.
  let path: FilePath

  /// The directory of a conversion's result.
  let output: FilePath

  nonisolated(unsafe) private var written: [String: [UInt8]] = [:]

  private init() {
    let memory = "/dev/shm"
    let parent =
      FileManager.default.fileExists(atPath: memory)
      ? memory : FileManager.default.temporaryDirectory.path
    root = FilePath(parent).appending("coppice-fuzz.\(getpid())")
    path = root.appending("input")
    output = root.appending("output")
    let directory = root.string
    try? FileManager.default.removeItem(atPath: directory)
    try? FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: Scratch.shared.root.string) }
  }

  /// Makes the directory hold these files; those that are there already stay.
  func write(_ files: [(name: String, bytes: [UInt8])]) {
    let names = Set(files.map(\.name))
    if written.keys.contains(where: { !names.contains($0) }) { clear() }
    for (name, bytes) in files where written[name] != bytes {
      let file = path.appending(name)
      if name.utf8.contains(0x2F) {
        try? FileManager.default.createDirectory(
          atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
      }
      guard
        let descriptor = try? FileDescriptor.open(
          file, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
      else { continue }
      _ = try? descriptor.closeAfter { try descriptor.writeAll(bytes) }
      written[name] = bytes
    }
  }

  private func clear() {
    try? FileManager.default.removeItem(atPath: path.string)
    try? FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    written = [:]
  }

  /// Makes the directory of a conversion's result, empty.
  func removeOutput() {
    try? FileManager.default.removeItem(atPath: output.string)
    try? FileManager.default.createDirectory(
      atPath: output.string, withIntermediateDirectories: true)
  }
}
