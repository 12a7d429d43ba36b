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
}
