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

  /// The figures of a plan for some ranks.
  private struct Figures {
    var planning: Duration = .zero
    var onePlan: Duration = .zero
    var treeBytes = 0
    var indexBytes = 0
    var blocks = 0
  }

  private func figures(_ count: Int, ranks: Int, devices: Int) throws -> Figures {
    let leaves = Self.leaves(count, ranks: ranks, devices: devices)
    let tree = Tree<ArrayLeaf>.dict(
      leaves.map { leaf in
        guard case .sharded(let sharding, _) = leaf.distribution else {
          return .init(.string(""), .dict([]))
        }
        return .init(
          .string(leaf.path),
          .leaf(ArrayLeaf(NoElements(dtype: leaf.dtype, shape: leaf.shape), sharding: sharding)))
      })
    var found = Figures()
    let clock = ContinuousClock()
    var bytes: [UInt8] = []
    found.planning = try clock.measure {
      let writer = try GroupTreeWriter(
        tree, layout: try GroupLayout(leaves, rankCount: ranks), options: TreeWriteOptions())
      #expect(writer.ranks.count == ranks)
      // What rank 0 writes when it has the records of all files.
      var document = try TreeDocument(parsingStructure: writer.structure, file: "")
      document.files = (0..<ranks).map { number in
        DataFile(
          size: 1 << 40,
          index: number == 0
            ? nil
            : FileRecord(
              path: DataFile.indexName(number), size: 1 << 20, digest: Digest(bits: .max)))
      }
      document.index = FileIndex(blocks: BlockColumns(count: devices * count))
      bytes = document.encoded(structure: writer.structure)
    }
    found.treeBytes = bytes.count
    found.onePlan = try clock.measure {
      let document = try TreeDocument(parsing: bytes, file: "", checksStructure: false)
      found.blocks = try BlockTable(document, file: ranks / 2).count
    }
    var blocks = BlockColumns(count: found.blocks)
    for row in 0..<found.blocks {
      blocks.offset[row] = 1 << 40 + row << 20
      blocks.size[row] = 1 << 20
      blocks.digest[row] = .max
    }
    found.indexBytes = IndexDocument(FileIndex(blocks: blocks)).encoded().count
    return found
  }

  @Test func planningGrowsLinearly() throws {
    let isLarge = ProcessInfo.processInfo.environment["COPPICE_EXHAUSTIVE"] == "1"
    let (ranks, count) = isLarge ? (16_384, 3000) : (64, 200)
    let found = try figures(count, ranks: ranks, devices: 8)
    // Each rank has eight devices, and so eight boxes of each leaf.
    #expect(found.blocks == 8 * count)
    #expect(found.treeBytes < 20_000_000)
    #expect(found.indexBytes < 2_000_000)
    if isLarge { report("\(ranks) ranks, \(count) leaves, 8 devices", found) }
  }

  /// Each quantity grows fourfold while the others stay.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["COPPICE_EXHAUSTIVE"] == "1"))
  func growth() throws {
    for ranks in [1024, 4096, 16_384] {
      report("\(ranks) ranks", try figures(1000, ranks: ranks, devices: 8))
    }
    for leaves in [500, 2000, 8000] {
      report("\(leaves) leaves", try figures(leaves, ranks: 1024, devices: 8))
    }
    for devices in [2, 8, 32] {
      report("\(devices) devices", try figures(1000, ranks: 1024, devices: devices))
    }
  }

  private func report(_ name: String, _ found: Figures) {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    print(
      "scale: \(name): planning and documents \(found.planning), tree.json \(found.treeBytes), an index "
        + "\(found.indexBytes), one rank's plan \(found.onePlan); \(peak)")
  }

  private struct NoElements: ArraySource {
    var dtype: DType
    var shape: Shape
    func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {}
  }
}
