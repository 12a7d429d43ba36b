import CoppiceModel
import Testing

/// A state is written as it is read.
struct LiteralTests {
  @Test func treesAreWrittenAsLiterals() throws {
    let layer = 3
    let tree: Tree<NDArray> = [
      "params": [
        "w": .array([1, 2, 3] as [Float]), "layer_\(layer)": .array([[1, 2], [3, 4]]),
      ],
      "step": 7, "rate": 0.5, "done": false, "names": ["a", "b"], "next": .null, 5: [:],
    ]
    let w = try NDArray([1, 2, 3] as [Float])
    let layers = try NDArray(
      dtype: .int64, shape: [2, 2], bytes: [1, 2, 3, 4].flatMap { [$0, 0, 0, 0, 0, 0, 0, 0] })
    #expect(
      tree
        == .dict([
          .init(.string("params"), .dict([.init("w", .leaf(w)), .init("layer_3", .leaf(layers))])),
          .init(.string("step"), .value(.int(IntegerText("7")!))),
          .init(.string("rate"), .value(.float(Float64Bits(bitPattern: 0x3FE0_0000_0000_0000)))),
          .init(.string("done"), .value(.bool(false))),
          .init(.string("names"), .list([.value(.string("a")), .value(.string("b"))])),
          .init(.string("next"), .value(.null)), .init(.integer(5), .dict([])),
        ]))
  }

  @Test func shapesOfArraysMayBeGiven() throws {
    let tree: Tree<NDArray> = .array([1, 2, 3, 4, 5, 6] as [UInt8], shape: [2, 3])
    #expect(
      tree == .leaf(try NDArray(dtype: .uint8, shape: Shape([2, 3])!, bytes: [1, 2, 3, 4, 5, 6])))
  }

  @Test func treesOfOtherLeavesAreToo() {
    let tree: Tree<ArrayMetadata> = ["w": .leaf(.init(dtype: .bfloat16, shape: [4, 0])), "n": [1]]
    #expect(
      tree
        == .dict([
          .init("w", .leaf(ArrayMetadata(dtype: .bfloat16, shape: Shape([4, 0])!))),
          .init("n", .list([.value(.int(IntegerText("1")!))])),
        ]))
  }

  @Test func valuesAreWrittenAsLiterals() {
    let values: [TreeValue] = [7, -0.5, true, "text", 340_282_366_920_938_463_463]
    #expect(
      values == [
        .int(IntegerText("7")!), .float(Float64Bits(bitPattern: 0xBFE0_0000_0000_0000)),
        .bool(true), .string("text"),
        .int(IntegerText("340282366920938463463")!),
      ])
    let (number, digits): (Float64Bits, IntegerText) = (1.5, -12)
    #expect(number.bitPattern == 0x3FF8_0000_0000_0000 && digits.text == "-12")
  }

  @Test func shapesAreWrittenAsLiterals() {
    let (shape, scalar): (Shape, Shape) = ([2, 3], [])
    #expect(shape.dimensions == [2, 3] && shape.elementCount == 6)
    #expect(scalar == .scalar)
  }

  @Test func documentsAreWrittenAsLiterals() {
    let json: JSON = ["loss_\(1)": 0.25, "tags": ["run \(2)", true, .null], "n": 3]
    #expect(
      json
        == .object([
          .init("loss_1", .number("0.25")),
          .init("tags", .array([.string("run 2"), .bool(true), .null])), .init("n", .number("3")),
        ]))
  }

  @Test func literalsThatMeanNothingTrap() async {
    await #expect(processExitsWith: .failure) { _ = ["a": 1, "b": 2, "a": 3] as Tree<NDArray> }
    await #expect(processExitsWith: .failure) { _ = ["a": 1, "a": 1] as JSON }
    await #expect(processExitsWith: .failure) { _ = [2, -1] as Shape }
    await #expect(processExitsWith: .failure) { _ = [Int.max, 2] as Shape }
    await #expect(processExitsWith: .failure) { _ = Tree<NDArray>.array([[1, 2], [3]]) }
    await #expect(processExitsWith: .failure) { _ = Tree<NDArray>.array([1, 2], shape: [3]) }
  }
}
