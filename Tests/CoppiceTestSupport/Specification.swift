import CoppiceFiles
package import CoppiceModel
package import SystemPackage

/// The specification's text and examples, and the sources that follow it.
package enum Specification {
  /// The package's directory.
  package static let package = FilePath(#filePath)
    .removingLastComponent().removingLastComponent().removingLastComponent()

  /// The directory of a version.
  private static func folder(of version: String) -> FilePath {
    package.appending("spec").appending(version)
  }

  /// The path of an example.
  package static func example(_ name: String) -> FilePath {
    FilePath(folder(of: "1.0").string + "/examples/" + name)
  }

  /// The bytes of an example.
  package static func bytes(ofExample name: String) throws(CoppiceError) -> [UInt8] {
    try bytes(of: example(name))
  }

  /// The bytes of a file.
  package static func bytes(of path: FilePath) throws(CoppiceError) -> [UInt8] {
    try InputFile(opening: path).allBytes(limit: 1 << 24)
  }

  /// The text of a chapter.
  package static func chapter(
    _ name: String, of version: String = "1.0"
  ) throws(CoppiceError) -> String {
    try text(of: folder(of: version).appending(name))
  }

  /// The texts of all chapters of all versions.
  package static func chapters() throws(CoppiceError) -> [String] {
    var texts: [String] = []
    for version in ["0", "1.0"] {
      for entry in try DirectoryHandle(opening: folder(of: version)).entries()
      where entry.name.hasSuffix(".md") {
        texts.append(try chapter(entry.name, of: version))
      }
    }
    return texts
  }

  /// The text of a file.
  package static func text(of path: FilePath) throws(CoppiceError) -> String {
    String(decoding: try bytes(of: path), as: UTF8.self)
  }

  /// The names of the example documents of a kind, such as `tree/tour.json`.
  package static func examples(_ kind: String) throws(CoppiceError) -> [String] {
    try DirectoryHandle(opening: example(kind)).allFiles().map { kind + "/" + $0 }
  }

  /// The texts of all Swift files of a target, or of all targets.
  package static func sources(of target: String? = nil) throws(CoppiceError) -> [String] {
    var directory = package.appending("Sources")
    if let target { directory.append(target) }
    var texts: [String] = []
    for file in try DirectoryHandle(opening: directory).allFiles() where file.hasSuffix(".swift") {
      texts.append(try text(of: FilePath(directory.string + "/" + file)))
    }
    return texts
  }
}
