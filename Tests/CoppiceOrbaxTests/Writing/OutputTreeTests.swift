import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import Testing

@testable import CoppiceOrbax

/// Trees take the form of Orbax's documents; what these can't say is refused or noted.
struct OutputTreeTests {
  typealias Node = Tree<ArrayLeaf>

  private func code(
    _ tree: Node, _ change: (inout OrbaxWriteOptions) -> Void = { _ in }
  ) -> String? {
    var options = OrbaxWriteOptions()
    change(&options)
    do {
      _ = try OutputTree(tree, options: options)
      return nil
    } catch {
      return error.code.rawValue
    }
  }

  private func leaf() throws -> Node {
    .leaf(ArrayLeaf(try NDArray(dtype: .int8, shape: .scalar, bytes: [1])))
  }

  /// The outer keys are as Python's `str` spells tuples of texts.
  @Test(arguments: [
    ([String](), "()"), (["f"], "('f',)"), (["a", "0"], "('a', '0')"),
    (["it's"], "(\"it's\",)"), (["'\""], "('\\'\"',)"), (["a\nb\\"], "('a\\nb\\\\',)"),
    (["\u{1}\u{7F}"], "('\\x01\\x7f',)"), (["é"], "('é',)"),
  ])
  func spellsTuplesAsPython(_ texts: [String], _ expected: String) {
    #expect(PythonText.tuple(texts) == expected)
  }

  @Test func refusesNamesThatBecomeOne() throws {
    let dotted: Node = .dict([
      .init("a.b", try leaf()), .init("a", .dict([.init("b", try leaf())])),
    ])
    #expect(code(dotted) == "orbax.name-collision")
    let number: Node = .dict([.init("1", try leaf()), .init(1, try leaf())])
    #expect(code(number) == "orbax.name-collision")
    let strings: Node = .dict([
      .init("a.b", .value(.string("x"))), .init("a", .dict([.init("b", .value(.string("y")))])),
    ])
    #expect(code(strings) == "orbax.name-collision")
  }

  @Test func refusesNamesThatAreNoPaths() throws {
    for name in ["..", ".", "a/../b", "/a", "_METADATA", "back\\slash", "d/x", "ocdbt.process_0"] {
      let tree: Node = .dict([.init(.string(name), try leaf())])
      #expect(code(tree) == nil)
      #expect(code(tree) { $0.store = .directories } == "orbax.unwritable-name", "\(name)")
    }
    for name in ["a/b", "a.b", "...", "é"] {
      let tree: Node = .dict([.init(.string(name), try leaf())])
      #expect(code(tree) { $0.store = .directories } == nil, "\(name)")
    }
  }

  @Test func refusesStringsThatNoPointerFinds() {
    #expect(code(.dict([.init("~", .value(.string("x")))])) == "orbax.unwritable-name")
    #expect(code(.dict([.init("a~1b", .value(.string("x")))])) == nil)
  }

  @Test func notesWhatIsInexact() throws {
    let tree: Node = .dict([
      .init(5, try leaf()), .init("b", .value(.bytes([1, 2]))),
      .init("i", .value(.int(try #require(IntegerText("1180591620717411303424"))))),
      .init("c", .value(.complex(real: .init(1), imaginary: .init(2)))),
      .init(
        "q",
        .leaf(
          ArrayLeaf(
            try NDArray(dtype: .uint4, shape: try #require(Shape([2])), bytes: [15, 0])))),
      .init("r", .record(.init(type: "State", fields: []))),
    ])
    let notes = try OutputTree(tree, options: OrbaxWriteOptions()).notes
    #expect(
      notes.map(\.kind) == [.integerKey, .dtype, .scalar, .scalar, .dtype, .emptyContainer])
    #expect(notes.map(\.treePath) == ["%#5", "b", "i", "c", "q", "r"])
  }

  @Test func cutsChunksOfEqualSize() throws {
    func chunk(_ extents: [Int], _ limit: Int) throws -> [Int] {
      var options = OrbaxWriteOptions()
      options.chunkBytes = limit
      let source = try NDArray(dtype: .uint8, shape: try #require(Shape(extents))) {
        (_: inout MutableRawSpan) in
      }
      return OutputArray(source, name: "w", path: TreePath(), options).chunk.dimensions
    }
    #expect(try chunk([], 8) == [])
    #expect(try chunk([5, 3], 100) == [5, 3])
    // Nine rows of ten bytes, at most eight at once: five and four.
    #expect(try chunk([9, 10], 80) == [5, 10])
    #expect(try chunk([2, 9, 10], 80) == [1, 5, 10])
    #expect(try chunk([3, 1000], 300) == [1, 250])
    #expect(try chunk([0, 4], 8) == [1, 4])
  }
}
