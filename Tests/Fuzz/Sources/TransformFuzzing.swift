import CoppiceInterop
import CoppiceModel

/// Reads a document of changes, and applies it to a small tree.
enum TransformFuzzing {
  static func run(_ bytes: [UInt8]) {
    do throws(CoppiceError) {
      let tree = try tree
      let document = TransformDocument { _ in tree }
      let steps = try document.steps(parsing: bytes, file: "a.json")
      var options = TransformOptions()
      options.steps = Array(steps.prefix(16))
      let contents = CheckpointContents(format: "tree", root: .unnamed(.tree(tree)))
      var probe = ContentProbe()
      probe.visit(try options.apply(to: contents))
    } catch {
      // A mistake of the caller's.
      if !error.code.rawValue.hasPrefix("usage.") { check(error) }
    }
  }

  private static var tree: Tree<ArrayLeaf> {
    get throws(CoppiceError) {
      var layers: [Tree<ArrayLeaf>] = []
      for layer in 0..<3 {
        layers.append(
          .dict([
            .init("kernel", try leaf([2, 3], first: layer)),
            .init("bias", try leaf([3], first: layer)),
          ]))
      }
      return .dict([
        .init("layers", .list(layers)), .init("step", .value(.int(7))),
        .init("flat.name.0", try leaf([2], first: 9)), .init("", try leaf([], first: 1)),
      ])
    }
  }

  private static func leaf(_ extents: [Int], first: Int) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let count = extents.reduce(1, *)
    let bytes = (0..<(4 * count)).map { UInt8(truncatingIfNeeded: first + $0) }
    guard let shape = Shape(extents) else { return .dict([]) }
    return .leaf(ArrayLeaf(try NDArray(dtype: .int32, shape: shape, bytes: bytes)))
  }
}
