import CoppiceModel
import CoppiceProcessGroup
import CoppiceStorage
import Foundation
import Testing

@testable import CoppiceCore

/// What rank 0 does with the descriptions of very many ranks.
///
/// A small size runs with the other tests; `COPPICE_EXHAUSTIVE=1` runs 16,384 ranks and prints seconds and memory.
struct GroupScaleTests {
  private struct ManyRanks: ProcessGroup {
    let rank = 0
    let count: Int
    func send(_ bytes: [UInt8], to rank: Int, named name: String) async throws(CoppiceError) {}
    func receive(
      from rank: Int, named name: String, before deadline: ContinuousClock.Instant
    ) async throws(CoppiceError) -> [UInt8]? { nil }
    func breakUp(because error: CoppiceError) {}
  }

  private struct NoElements: ArraySource {
    var dtype: DType { .float32 }
    let shape: Shape
    func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {}
  }

  /// Every second leaf is divided over all devices, the others are the same on all ranks, as weights and biases are.
  private func holdings(_ rank: Int, leaves: Int, devices: Int) -> [TreeDescription.Holding] {
    let own = TreeDescription.Holding.devices(Array((rank * devices)..<((rank + 1) * devices)))
    return (0..<leaves).map { $0 % 2 == 0 ? own : .replicated }
  }

  @Test func rankZeroTakesTheDescriptionsOfAllRanks() throws {
    let isLarge = ProcessInfo.processInfo.environment["COPPICE_EXHAUSTIVE"] == "1"
    let (ranks, leaves, devices) = isLarge ? (16_384, 3000, 8) : (64, 200, 8)
    let messages = (0..<ranks).map { rank in
      var writer = MessageWriter()
      TreeDescription(
        signature: 7, holdings: holdings(rank, leaves: leaves, devices: devices)
      ).write(to: &writer)
      return writer.bytes
    }
    // A byte for each leaf, and the devices once.
    #expect(messages.allSatisfy { $0.count <= leaves + 8 * devices + 100 })

    let mesh = Sharding(
      axisNames: ["x"], axisSizes: [ranks * devices], partition: [["x"]],
      devices: Array(0..<(ranks * devices)))
    let shape = try #require(Shape([ranks * devices, 64]))
    let tree = Tree<ArrayLeaf>.list(
      (0..<leaves).map { index in
        .leaf(
          index % 2 == 0
            ? ArrayLeaf(NoElements(shape: shape), sharding: mesh)
            : ArrayLeaf(NoElements(shape: [64])))
      })
    var files = 0
    let time = try ContinuousClock().measure {
      let descriptions = messages.compactMap { message in
        var reader = MessageReader(message)
        return TreeDescription(&reader)
      }
      #expect(descriptions.count == ranks)
      let layout = try GroupPlanning(group: ManyRanks(count: ranks)).layout(
        of: tree, named: "state", descriptions)
      files = layout.ranksOfFiles.count
    }
    #expect(files == ranks)
    if isLarge { print("descriptions of \(ranks) ranks, \(leaves) leaves: \(time)") }
  }

  @Test func manyDistinctHoldingsAreKept() throws {
    let boxes = try (0..<300).map { index in
      TreeDescription.Holding.boxes([try #require(ArrayBox(offset: [index], shape: [1]))])
    }
    let holdings = boxes + [.replicated] + boxes.reversed()
    var writer = MessageWriter()
    TreeDescription(signature: 9, holdings: holdings).write(to: &writer)
    var reader = MessageReader(writer.bytes)
    let found = try #require(TreeDescription(&reader))
    #expect(found.signature == 9)
    #expect((0..<found.count).map { found[$0] } == holdings)
  }
}
