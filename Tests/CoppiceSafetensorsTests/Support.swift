import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

extension TemporaryDirectory {
  func write(_ name: String, _ bytes: [UInt8]) throws { try writeFile(self(name), bytes) }

  func bytes(_ name: String) throws -> [UInt8] { try readFile(self(name)) }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path.string).sorted() }
  }
}

/// The bytes of a file: the length, the header, then data.
func file(_ header: String, data: [UInt8] = []) -> [UInt8] {
  file(Array(header.utf8), data: data)
}

func file(_ header: [UInt8], data: [UInt8] = []) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
}

func open(_ bytes: [UInt8], limits: ReadLimits = .standard) throws(CoppiceError)
  -> CheckpointContents
{
  try SafetensorsFormat.open(MemoryBytes(bytes), name: "m.safetensors", limits: limits)
}

/// Opens what a path names, as the tool would.
func open(_ path: FilePath) throws -> CheckpointContents {
  var isDirectory: ObjCBool = false
  _ = FileManager.default.fileExists(atPath: path.string, isDirectory: &isDirectory)
  return isDirectory.boolValue
    ? try SafetensorsFormat.open(DirectoryHandle(opening: path))
    : try SafetensorsFormat.open(InputFile(opening: path))
}

extension CheckpointContents {
  /// The entries of the one dictionary that a safetensors file is.
  var entries: [(name: String, leaf: ArrayLeaf)] {
    guard case .unnamed(.tree(.dict(let entries))) = root else {
      Issue.record("the root is no dictionary")
      return []
    }
    return entries.compactMap { entry in
      guard case .string(let name) = entry.key, case .leaf(let leaf) = entry.node else {
        Issue.record("\(entry.key) is no array under a name")
        return nil
      }
      return (name, leaf)
    }
  }
}

extension ArraySource {
  /// All bytes, through `read`.
  var loaded: [UInt8] {
    get throws { try load().bytes }
  }

  /// All bytes, through `forEachPiece`.
  func streamed(_ limit: Int = 7) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachPiece(ofAtMost: limit) { (piece) throws(CoppiceError) in
      bytes += piece.copied
    }
    return bytes
  }
}

/// A tree of arrays of bytes with made-up contents.
func leaf(_ dtype: DType, _ dimensions: [Int], _ bytes: [UInt8]) throws -> Tree<ArrayLeaf> {
  let shape = try #require(Shape(dimensions))
  return .leaf(ArrayLeaf(try NDArray(dtype: dtype, shape: shape, bytes: bytes)))
}

func contents(_ tree: Tree<ArrayLeaf>) -> CheckpointContents {
  CheckpointContents(format: "test", root: .unnamed(.tree(tree)))
}

/// Plans contents that hold one tree.
func makePlan(
  _ contents: CheckpointContents, options: SafetensorsPlan.Options = .init()
) throws -> SafetensorsPlan {
  guard case .unnamed(.tree(let tree)) = contents.root else {
    throw CoppiceError(.modelByteCount, "no tree")
  }
  return try SafetensorsPlan(writing: tree, of: contents, options: options)
}

func shape(_ dimensions: Int...) throws -> Shape { try #require(Shape(dimensions)) }

func box(_ offset: [Int], _ extents: [Int]) throws -> ArrayBox {
  let shape = try #require(Shape(extents))
  return try #require(ArrayBox(offset: offset, shape: shape))
}

extension ArraySource {
  /// The bytes of a box.
  func loaded(_ range: ArrayBox) throws -> [UInt8] {
    try NDArray(dtype: dtype, shape: range.shape) {
      (bytes: inout MutableRawSpan) throws(CoppiceError) in
      try read(range, into: &bytes)
    }.loaded
  }
}
