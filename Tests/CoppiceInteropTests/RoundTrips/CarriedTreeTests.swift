import CoppiceModel
import Testing

/// The comparison of round trips says "different" where something differs that nothing excuses.
struct CarriedTreeTests {
  private typealias Node = Tree<ArrayLeaf>

  private func array(
    _ dtype: DType = .uint8, _ shape: [Int] = [2], _ bytes: [UInt8] = [1, 2], key: String? = nil
  ) throws -> Node {
    let array = try NDArray(dtype: dtype, shape: try #require(Shape(shape)), bytes: bytes)
    return .leaf(ArrayLeaf(array, prngImplementation: key))
  }

  private func problems(
    _ original: Node, _ found: Node, _ notes: [ConversionNote] = [], separator: String? = nil
  ) throws -> [String] {
    var carried = CarriedTree(notes: notes, separator: separator, keepsOrder: true)
    try carried.compare(original, found)
    return carried.problems
  }

  @Test func nearMissesAreDifferent() throws {
    let leaf = try array()
    let original: Node = .dict([
      .init("a", leaf), .init(7, .list([leaf])), .init("v", .value(.string("x"))),
    ])
    #expect(try problems(original, original) == [])
    let pairs: [(Node, Node)] = [
      (leaf, try array(.uint8, [2], [1, 3])), (leaf, try array(.int8)),
      (leaf, try array(.uint8, [1, 2])), (leaf, try array(key: "rbg")),
      (.list([leaf]), .tuple([leaf])), (.list([leaf]), .list([leaf, leaf])),
      (.list([leaf]), .list([])), (.list([]), .dict([])),
      (.value(.string("x")), .value(.bytes([0x78]))), (.value(.null), .list([])),
      (
        .record(.init(type: "A", fields: [.init("f", leaf)])),
        .record(.init(type: "B", fields: [.init("f", leaf)]))
      ),
      (
        .record(.init(type: "A", fields: [.init("f", leaf)])), .dict([.init("f", leaf)])
      ),
      (.dict([.init(7, leaf)]), .dict([.init("7", leaf)])),
      (.dict([.init("é", leaf)]), .dict([.init("e\u{301}", leaf)])),
      (
        .dict([.init("a", leaf), .init("b", leaf)]), .dict([.init("b", leaf), .init("a", leaf)])
      ),
      (.dict([.init("a", leaf)]), .dict([])), (.dict([]), .dict([.init("a", leaf)])),
    ]
    for (index, (a, b)) in pairs.enumerated() {
      #expect(try problems(.dict([.init("k", a)]), .dict([.init("k", b)])) != [], "pair \(index)")
    }
  }

  @Test func aNoteExcusesWhatItNamesOnly() throws {
    let (leaf, other) = (try array(), try array(.uint8, [2], [1, 3]))
    let list: Node = .dict([.init("k", .list([leaf]))])
    let note = ConversionNote(.structure, "", treePath: "k")
    let group = { (node: Node) in Node.dict([.init("k", .dict([.init("0", node)]))]) }
    #expect(try problems(list, group(leaf), [note]) == [])
    #expect(try problems(list, group(other), [note]) != [])
    let elsewhere = ConversionNote(.structure, "", treePath: "other")
    #expect(try problems(list, group(leaf), [elsewhere]) != [])
    let scalar = ConversionNote(.scalar, "", treePath: "k")
    #expect(try problems(list, group(leaf), [scalar]) != [])
  }

  @Test func flatNamesAreLookedFor() throws {
    let (leaf, other) = (try array(), try array(.uint8, [2], [1, 3]))
    let nested: Node = .dict([.init("a", .dict([.init("b", leaf)]))])
    let note = ConversionNote(.structure, "")
    let flat = { (name: String, node: Node) in Node.dict([.init(.string(name), node)]) }
    #expect(try problems(nested, flat("a.b", leaf), [note], separator: ".") == [])
    #expect(try problems(nested, flat("a.b", leaf), separator: ".") != [])
    #expect(try problems(nested, flat("a.b", other), [note], separator: ".") != [])
    #expect(try problems(nested, flat("a.c", leaf), [note], separator: ".") != [])
    #expect(try problems(nested, .dict([]), [note], separator: ".") != [])
  }
}
