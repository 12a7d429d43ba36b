import CoppiceModel
import Testing

/// The box that each device of a mesh holds.
struct ShardingBoxTests {
  private func boxes(_ sharding: Sharding, _ dimensions: [Int], _ devices: Range<Int>) throws
    -> [String]
  {
    try devices.map { try sharding.box(of: #require(Shape(dimensions)), onDevice: $0).description }
  }

  @Test func axesDivideDimensions() throws {
    let sharding = Sharding(
      axisNames: ["x", "y"], axisSizes: [2, 2], partition: [["x"], ["y"]])
    #expect(
      try boxes(sharding, [4, 6], 0..<4) == [
        "[0:2, 0:3]", "[0:2, 3:6]", "[2:4, 0:3]", "[2:4, 3:6]",
      ])
  }

  @Test func severalAxesOfADimensionCountOutermostFirst() throws {
    let sharding = Sharding(
      axisNames: ["x", "y"], axisSizes: [2, 2], partition: [["y", "x"]])
    // Devices 0…3 are (x, y) = (0,0), (0,1), (1,0), (1,1); the index is y * 2 + x.
    #expect(try boxes(sharding, [8], 0..<4) == ["[0:2]", "[4:6]", "[2:4]", "[6:8]"])
  }

  @Test func dimensionsWithoutAxesAreWhole() throws {
    let sharding = Sharding(axisNames: ["x", "y"], axisSizes: [2, 2], partition: [[], ["x"]])
    #expect(
      try boxes(sharding, [3, 4, 5], 0..<4)
        == ["[0:3, 0:2, 0:5]", "[0:3, 0:2, 0:5]", "[0:3, 2:4, 0:5]", "[0:3, 2:4, 0:5]"])
  }

  @Test func theOrderOfDevicesCounts() throws {
    let sharding = Sharding(
      axisNames: ["x"], axisSizes: [3], partition: [["x"]], devices: [2, 0, 1])
    #expect(try boxes(sharding, [3], 0..<3) == ["[1:2]", "[2:3]", "[0:1]"])
  }

  @Test func whatCannotBeDividedIsRoundedUp() throws {
    let sharding = Sharding(axisNames: ["x"], axisSizes: [4], partition: [["x"]])
    #expect(try boxes(sharding, [5], 0..<4) == ["[0:2]", "[2:4]", "[4:5]", "[5:5]"])
    #expect(try boxes(sharding, [0], 0..<4) == ["[0:0]", "[0:0]", "[0:0]", "[0:0]"])
    let largest = Sharding(axisNames: ["x"], axisSizes: [.max], partition: [["x"]])
    #expect(try largest.box(of: #require(Shape([3])), onDevice: .max - 1).description == "[3:3]")
  }

  @Test func oneDeviceHasEverything() throws {
    #expect(try boxes(Sharding(device: "cpu:0"), [2, 3], 0..<1) == ["[0:2, 0:3]"])
  }

  @Test func refusesWhatTheMeshDoesNotHave() throws {
    let mesh = Sharding(axisNames: ["x"], axisSizes: [2], partition: [["x"]])
    let named = Sharding(axisNames: ["x"], axisSizes: [2], partition: [["x"]], devices: [4, 5])
    let broken = Sharding(axisNames: ["x"], axisSizes: [2], partition: [["y"]])
    let deep = Sharding(axisNames: ["x"], axisSizes: [2], partition: [["x"], []])
    let vast = Sharding(axisNames: ["x", "y"], axisSizes: [.max, .max], partition: [["x"]])
    for (sharding, device) in [
      (mesh, 2), (mesh, -1), (named, 0), (broken, 0), (deep, 0), (vast, 0),
    ] {
      let error = #expect(throws: CoppiceError.self) {
        try sharding.box(of: #require(Shape([4])), onDevice: device)
      }
      #expect(error?.code.rawValue == "usage.device")
    }
  }
}
