import CoppiceModel
import Testing

/// The output of `print` for trees: a line for each leaf.
struct TreeDescriptionTests {
  @Test func treesAreListed() {
    let tree: Tree<NDArray> = [
      "params": [
        "w": .array([[1, 2, 3], [4, 5, 6]] as [[Float]]), "b": .array([0.5, 0.1] as [Float]),
      ],
      "step": 7, "rate": 1e-4, "name": "a\nb", "empty": [:], "none": .null, 3: [],
      "opt": .record(.init(type: "State", fields: [])),
      "z": .value(.complex(real: 1.0, imaginary: -2.5)),
      "raw": .value(.bytes([1, 2])),
      "texts": .value(.stringArray(TextArray(shape: [1], elements: .strings(["x"]))!)),
    ]
    #expect(
      "\(tree)" == """
        params/w  float32 [2, 3]
        params/b  float32 [2]  [0.5 0.1]
        step      7
        rate      0.0001
        name      "a\\u{a}b"
        empty     {}
        none      none
        %#3       []
        opt       State()
        z         1.0-2.5j
        raw       2 bytes
        texts     strings [1]
        """)
  }

  @Test func longTreesAreCut() {
    let tree = Tree<NDArray>.list((0..<250).map { _ in 1 })
    let lines = tree.description.split(separator: "\n")
    #expect(lines.count == 101)
    #expect(lines[0] == "0   1" && lines[99] == "99  1")
    #expect(lines[100] == "… and 150 more")
  }

  @Test func aTreeOfOneNodeIsThatNode() {
    #expect("\(Tree<NDArray>.array([1, 2] as [UInt8]))" == "[1 2] uint8 [2]")
    #expect("\(5 as Tree<NDArray>)" == "5")
    #expect("\([:] as Tree<NDArray>)" == "{}")
  }

  /// A source that can't be read is listed.
  @Test func listingReadsNothing() {
    struct Unreadable: ArraySource {
      let dtype = DType.bfloat16
      let shape: Shape = [1000, 1000]
      func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
        Issue.record("read")
      }
    }
    let fault = LeafFault(.unsupported, CoppiceError(.castUnsupported, "no such type"))
    let tree: Tree<ArrayLeaf> = [
      "w": .leaf(ArrayLeaf(Unreadable())), "odd": .leaf(ArrayLeaf(fault)),
    ]
    #expect(
      "\(tree)" == """
        w    bfloat16 [1000, 1000]
        odd  unsupported: no such type [cast.unsupported]
        """)
    let described: Tree<ArrayMetadata> = ["w": .leaf(.init(dtype: .int4, shape: []))]
    #expect("\(described)" == "w  int4 []")
  }
}
