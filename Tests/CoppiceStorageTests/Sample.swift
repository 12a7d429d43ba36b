import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage

/// A tree that this library has written.
struct Sample {
  private let directory: TemporaryDirectory

  init(_ tree: Tree<NDArray>, _ change: (inout TreeWriteOptions) -> Void = { _ in }) throws {
    directory = try TemporaryDirectory()
    var options = WriteOptions()
    options.durability = .buffered
    options.tree.packing = nil
    change(&options.tree)
    let leaves = tree.mapLeaves { _, array in ArrayLeaf(array) }
    let contents = CheckpointContents(format: "memory", root: .unnamed(.tree(leaves)))
    try CheckpointWriter.write(contents, to: directory("c"), options: options)
  }

  /// A file of the tree.
  func file(_ name: String) -> FilePath {
    directory("c").appending("state").appending(name)
  }

  /// Halves along the first dimension.
  @Sendable static func halves(_: TreePath, _ metadata: ArrayMetadata) -> [ArrayBox]? {
    guard !metadata.shape.dimensions.contains(0), let rows = metadata.shape.dimensions.first,
      rows > 1
    else { return nil }
    let rest = Array(metadata.shape.dimensions.dropFirst())
    let zeros = rest.map { _ in 0 }
    return [0..<(rows / 2), (rows / 2)..<rows].compactMap { part in
      Shape([part.count] + rest).flatMap {
        ArrayBox(offset: [part.lowerBound] + zeros, shape: $0)
      }
    }
  }

  /// The bytes of an array.
  static func bytes(of array: NDArray) -> [UInt8] {
    array.bytes
  }
}
