import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// A checkpoint that a test may change, such as a copy of an example.
struct ExampleCopy {
  private let directory: TemporaryDirectory
  let path: FilePath

  init(_ example: String, named name: String = "copy") throws {
    directory = try TemporaryDirectory()
    path = directory(name)
    try Self.copy(example, to: path)
  }

  /// A checkpoint with one tree, `state`.
  init(of tree: Tree<NDArray>, options: WriteOptions) throws {
    directory = try TemporaryDirectory()
    path = directory("written")
    let leaves = tree.mapLeaves { _, array in ArrayLeaf(array) }
    let contents = CheckpointContents(format: "memory", root: .unnamed(.tree(leaves)))
    try CheckpointWriter.write(contents, to: path, options: options)
  }

  /// Copies an example checkpoint.
  static func copy(_ example: String, to path: FilePath) throws {
    let source = try DirectoryHandle(opening: Specification.example("checkpoints/" + example))
    try OutputDirectory.create(path)
    for file in try source.allFiles() {
      let components = file.split(separator: "/").map { String($0) }
      let parent = try OutputDirectory.createAll(components.dropLast(), below: path)
      try OutputFile.create(
        parent.appending(components.last ?? ""),
        holding: try source.allBytes(of: file, limit: 1 << 24), durability: .buffered)
    }
  }

  /// The path of something inside.
  func callAsFunction(_ name: String) -> FilePath { FilePath(path.string + "/" + name) }

  var handle: DirectoryHandle { get throws { try DirectoryHandle(opening: path) } }

  func bytes(_ name: String) throws -> [UInt8] { try handle.allBytes(of: name, limit: 1 << 24) }

  func write(_ bytes: [UInt8], to name: String) throws {
    try OutputDirectory.remove(self(name))
    try OutputFile.create(self(name), holding: bytes, durability: .buffered)
  }

  /// Changes one place of a document, and all digests that cover it.
  func change(_ name: String, _ old: String, _ new: String) throws {
    let text = String(decoding: try bytes(name), as: UTF8.self)
    let parts = text.split(separator: old, omittingEmptySubsequences: false)
    try #require(parts.count == 2, "\(old) is \(parts.count - 1) times in \(name)")
    try replace(name, with: Array(parts.joined(separator: new).utf8))
  }

  /// Replaces a document, and all digests that cover it.
  func replace(_ name: String, with bytes: [UInt8]) throws {
    let root = RootDocument.fileName
    guard name != root else { return try write(try Self.sealed(bytes), to: root) }
    let before = try self.bytes(name)
    try write(bytes, to: name)
    let record = { (bytes: [UInt8]) in
      #""digest":"\#(Digest(of: bytes))","size":\#(bytes.count)"#
    }
    try change(root, record(before), record(bytes))
  }

  /// A root document with its own digest made right.
  private static func sealed(_ bytes: [UInt8]) throws -> [UInt8] {
    var bytes = bytes
    let start =
      try #require(
        bytes.indices.first {
          bytes[$0...].starts(with: #""digest":""#.utf8)
            && bytes[($0 + 26)...].starts(with: #"","format""#.utf8)
        }) + 10
    for index in start..<(start + 16) { bytes[index] = 0x30 }
    bytes.replaceSubrange(start..<(start + 16), with: Digest(of: bytes).description.utf8)
    return bytes
  }

  /// The codes that a level of validation reports, sorted.
  func findings(_ level: ValidationLevel) throws -> [String] {
    try Validator.run(try handle, level: level).map { finding in
      finding.fault.code.rawValue + (finding.severity == .warning ? " (warning)" : "")
    }.sorted()
  }

  /// The code that opening it fails with.
  func refusal() throws -> String? {
    let handle = try handle
    return code { _ = try CheckpointReader.open(handle).whole() }
  }
}
