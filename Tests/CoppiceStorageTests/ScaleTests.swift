import CoppiceFormat
import CoppiceModel
import CoppiceStorage
import Foundation
import Testing

/// Documents of checkpoints that very many processes save: what rank 0 plans, and what one rank needs for a load.
///
/// A small size runs with the other tests and holds counts; `COPPICE_EXHAUSTIVE=1` runs 16,384 ranks and prints seconds.
struct ScaleTests {
  /// A model with Adam: parameters and two moments of each layer, divided over all devices in a few ways.
  static func leaves(_ count: Int, ranks: Int, devices: Int) -> [GroupLayout.Leaf] {
    let total = ranks * devices
    let model = min(64, total)
    let ids = Array(0..<total)
    let rankOf = ids.map { $0 / devices }
    let meshes: [Sharding] = [[["data", "model"]], [["model"], ["data"]], [["data"], ["model"]]].map
    {
      Sharding(
        axisNames: ["data", "model"], axisSizes: [total / model, model], partition: $0, devices: ids
      )
    }
    return (0..<count).map { index in
      let sharding = meshes[index % meshes.count]
      return GroupLayout.Leaf(
        path: "layer_\(index)", dtype: index % 3 == 0 ? .bfloat16 : .float32,
        shape: Shape([total * 4, total / 4 + 64])!, distribution: .sharded(sharding, ranks: rankOf))
    }
  }

  @Test func planningGrowsLinearly() throws {
    let isLarge = ProcessInfo.processInfo.environment["COPPICE_EXHAUSTIVE"] == "1"
    let (ranks, count) = isLarge ? (16_384, 3000) : (64, 200)
    let clock = ContinuousClock()
    var found: [Int] = []
    let time = try clock.measure {
      let leaves = Self.leaves(count, ranks: ranks, devices: 8)
      let layout = try GroupLayout(leaves, rankCount: ranks)
      let tree = Tree<ArrayLeaf>.dict(
        leaves.map { leaf in
          guard case .sharded(let sharding, _) = leaf.distribution else {
            return .init(.string(""), .dict([]))
          }
          return .init(
            .string(leaf.path),
            .leaf(ArrayLeaf(NoElements(dtype: leaf.dtype, shape: leaf.shape), sharding: sharding)))
        })
      let writer = try GroupTreeWriter(tree, layout: layout, options: TreeWriteOptions())
      found = [writer.structure.count, writer.ranks.count]
      let document = try TreeDocument(parsingStructure: writer.structure, file: "")
      let table = try BlockTable(document, file: ranks / 2)
      found.append(table.count)
    }
    #expect(found[1] == ranks)
    // Each rank has eight devices, and so eight boxes of each leaf.
    #expect(found[2] == 8 * count)
    #expect(found[0] < 20_000_000)
    if isLarge { print("planning for \(ranks) ranks, \(count) leaves: \(time), \(found[0]) bytes") }
  }

  private struct NoElements: ArraySource {
    var dtype: DType
    var shape: Shape
    func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {}
  }
}
