import Coppice
import CoppiceFiles
import CoppiceMaintenance
import CoppiceModel
import CoppiceStorage
import SystemPackage

/// A case whose checkpoint this library's own writer makes.
struct WriterCase: Sendable {
  typealias Node = Tree<ArrayLeaf>

  /// The name of the case, which is also its directory.
  var name: String
  var title: String
  var rules: [String]
  /// Changes the writer's options.
  var choose: @Sendable (inout TreeWriteOptions) -> Void = { _ in }
  var contents: @Sendable () throws(CoppiceError) -> CheckpointInput

  /// Writes the checkpoint.
  func write(to path: FilePath) throws(CoppiceError) {
    var options = WriteOptions()
    options.durability = .buffered
    options.tree.packing = nil
    options.writer = "coppice fixtures make"
    options.now = { Timestamp(nanoseconds: 1_700_000_000_123_456_789) }
    choose(&options.tree)
    switch try contents() {
    case .checkpoint(let contents):
      try CheckpointWriter.write(contents, to: path, options: options)
    case .steps(let steps):
      try RunWriter.write(steps, to: path, options: options) { $0 }
    }
  }

  /// The document of the case.
  var document: JSON {
    .object([
      .init("id", .string(id)), .init("title", .string(title)),
      .init("rules", .array(rules.map { .string($0) })), .init("level", .string("data")),
      .init("outcome", .string("valid")),
      .init("made", .object([.init("by", .string("coppice fixtures make"))])),
    ])
  }

  var id: String { Self.family + "/" + name }

  /// The directory of these cases in the suite.
  static let family = "1.0/valid/writer"
}

extension WriterCase {
  /// Makes a case with one tree, named `state`.
  init(
    _ name: String, _ title: String, rules: [String],
    choose: @escaping @Sendable (inout TreeWriteOptions) -> Void = { _ in },
    tree: @escaping @Sendable () throws(CoppiceError) -> Node
  ) {
    self.init(name: name, title: title, rules: rules, choose: choose) {
      () throws(CoppiceError) in
      .checkpoint(Self.contents([.init("state", .tree(try tree()))]))
    }
  }

  static func contents(_ items: [NamedCheckpointable]) -> CheckpointContents {
    CheckpointContents(format: CheckpointReader.formatName, root: .named(items))
  }

  /// Makes a leaf of noise.
  static func leaf(
    _ dtype: DType, _ dimensions: [Int], _ seed: UInt64, sharding: Sharding? = nil,
    prng: String? = nil
  ) throws(CoppiceError) -> Node {
    .leaf(
      ArrayLeaf(
        try Pattern.noise(seed).array(dtype, dimensions), sharding: sharding,
        prngImplementation: prng))
  }

  /// Makes a leaf that compresses well.
  static func ramp(_ dtype: DType, _ dimensions: [Int]) throws(CoppiceError) -> Node {
    .leaf(ArrayLeaf(try Pattern.ramp.array(dtype, dimensions)))
  }

  /// Divides arrays of two dimensions into four boxes of unequal size.
  @Sendable static func quarters(
    _: TreePath, _ metadata: ArrayMetadata
  ) -> [ArrayBox]? {
    let extents = metadata.shape.dimensions
    guard extents.count == 2, extents[0] > 2, extents[1] > 2 else { return nil }
    let cuts = extents.map { [0..<($0 / 3), ($0 / 3)..<$0] }
    var boxes: [ArrayBox] = []
    for row in cuts[0] {
      for column in cuts[1] {
        guard let shape = Shape([row.count, column.count]),
          let box = ArrayBox(offset: [row.lowerBound, column.lowerBound], shape: shape)
        else { continue }
        boxes.append(box)
      }
    }
    return boxes
  }
}
