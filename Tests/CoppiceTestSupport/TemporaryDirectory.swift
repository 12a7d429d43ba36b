import CoppiceFiles
package import CoppiceModel
package import SystemPackage

/// A directory that lives as long as the value, then is deleted with everything in it.
package final class TemporaryDirectory: Sendable {
  package let path: FilePath

  package init() throws(CoppiceError) {
    let name = "coppice-test-\(UInt64.random(in: .min ... .max))"
    path = FilePath("/tmp").appending(name)
    try OutputDirectory.create(path)
  }

  deinit { try? OutputDirectory.remove(path) }

  /// The path of something inside.
  package func callAsFunction(_ name: String) -> FilePath { path.appending(name) }

  /// Writes a file inside, and makes the directories around it.
  @discardableResult
  package func file(
    _ name: String, _ bytes: some Sequence<UInt8> = []
  ) throws(CoppiceError) -> FilePath {
    let parts = name.split(separator: "/").map(String.init)
    let parent = try OutputDirectory.createAll(parts.dropLast(), below: path)
    let file = parent.appending(parts.last ?? "")
    try OutputFile.create(file, holding: Array(bytes), durability: .buffered)
    return file
  }
}
