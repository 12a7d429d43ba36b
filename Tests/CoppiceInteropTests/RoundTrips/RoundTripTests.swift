import Coppice
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Conversions of generated trees from each format to each other one and back.
///
/// Everything without a note must be exact.
struct RoundTripTests {
  private static let formats = FormatWriters.all.map(\.name)

  /// The separators of joined names in flat formats.
  private static let separators = ["safetensors": ".", "npz": "/"]
  /// The formats that sort keys.
  private static let sorting: Set = ["safetensors", "hdf5"]

  /// The ways in which a format may refuse a tree: two names that it can't tell apart, or one that it
  /// can't have.
  private static let refusals: Set = [
    "safetensors.name-collision", "safetensors.reserved-name", "npz.name-collision", "zip.name",
    "flax.key-collision", "flax.reserved-name", "hdf5.name-collision",
    "orbax.name-collision", "orbax.unwritable-name",
  ]

  /// A tree, its form when read back from a file, and the notes.
  private struct Written {
    var original: Tree<ArrayLeaf>
    var back: Tree<ArrayLeaf>
    var notes: [ConversionNote]
  }

  private func write(
    _ tree: Tree<ArrayLeaf>, as name: String, to target: FilePath
  ) throws -> Written {
    let format = try FormatWriters.named(name)
    // Some formats are recognised by the file's ending only.
    let target = FilePath(target.string + (format.nameEndings.first ?? ""))
    var tree = tree
    while true {
      do throws(CoppiceError) {
        let contents = CheckpointContents(format: "memory", root: .unnamed(.tree(tree)))
        let notes = try convert(.checkpoint(contents), to: target) {
          $0.format = OutputFormat(format)
          $0.writing.recordsTimes = false
        }
        let found = try opened(target)
        #expect(found.warnings.map(\.code.rawValue).filter { $0 != "npy.assumed-dtype" } == [])
        return Written(original: tree, back: found.onlyTree, notes: notes)
      } catch {
        // The error names the node that the format refuses; the tree without it must be accepted.
        let isRefused = Self.refusals.contains(error.code.rawValue)
        let place = try #require(isRefused ? error.location.treePath : nil, "\(error)")
        tree = try #require(tree.without(place), "\(error)")
      }
    }
  }

  /// Checks the nodes that must be unchanged, and returns their paths.
  @discardableResult
  private func check(_ written: Written, _ name: String, _ step: String) throws -> Set<String> {
    var carried = CarriedTree(
      notes: written.notes, separator: Self.separators[name],
      keepsOrder: !Self.sorting.contains(name))
    try carried.compare(written.original, written.back)
    #expect(carried.problems == [], "\(step)")
    return carried.exact
  }

  /// `COPPICE_FUZZ=20` tries ten pairs of trees.
  private static let seedCount = getenv("COPPICE_FUZZ").flatMap { Int(String(cString: $0)) } ?? 2

  /// Each format has all trees; each pair of formats has every second one.
  @Test(arguments: formats.indices) func thereAndBack(_ index: Int) throws {
    let a = Self.formats[index]
    for seed in 1...Self.seedCount {
      let directory = try TemporaryDirectory()
      var trees = GeneratedTrees(seed: UInt64(seed))
      let first = try write(try trees.tree(), as: a, to: directory("a"))
      let exact = try check(first, a, "to \(a), seed \(seed)")
      // A format with a note for everything would be exact in nothing, so at least its claimed
      // dtypes must be exact.
      for dtype in try FormatWriters.named(a).abilities.dtypes {
        #expect(exact.contains("arrays/\(dtype)"), "\(dtype)")
      }
      for (other, b) in Self.formats.enumerated() where (index + other + seed) % 2 == 0 {
        let second = try write(first.back, as: b, to: directory("b-\(b)"))
        try check(second, b, "\(a) to \(b), seed \(seed)")
        let third = try write(second.back, as: a, to: directory("c-\(b)"))
        try check(third, a, "\(a) to \(b) and back, seed \(seed)")
        // If neither conversion has a note, the whole tree must be unchanged.
        if second.notes.isEmpty, third.notes.isEmpty {
          var whole = CarriedTree(
            notes: [], separator: nil, keepsOrder: !Self.sorting.contains(b))
          try whole.compare(second.original, third.back)
          #expect(whole.problems == [], "\(a) by way of \(b), seed \(seed)")
        }
      }
    }
  }

  /// Trees that are no dictionary of anything.
  private static let roots: [Tree<NDArray>] = {
    var generator = TreeGenerator(seed: 3)
    guard let array = try? generator.array(.float32, [2, 3]) else { return [] }
    let leaf: Tree<NDArray> = .leaf(array)
    return [
      leaf, .list([leaf, .value(.null)]), .tuple([leaf]), .tuple([]), .list([]), .dict([]),
      .record(.init(type: "State", fields: [.init("mu", leaf)])), .value(.null),
      .value(.int(IntegerText(7))), .value(.string("x")), .value(.bytes([1, 2])),
      .dict([.init("", leaf)]), .dict([.init("", .dict([.init("", leaf)]))]),
    ]
  }()

  @Test(arguments: formats) func rootsOfEveryKind(_ a: String) throws {
    #expect(!Self.roots.isEmpty)
    for (index, root) in Self.roots.enumerated() {
      let directory = try TemporaryDirectory()
      let first = try write(root.asLeaves, as: a, to: directory("a"))
      try check(first, a, "root \(index) to \(a)")
      for b in Self.formats {
        let second = try write(first.back, as: b, to: directory("b-\(b)"))
        try check(second, b, "root \(index), \(a) to \(b)")
      }
    }
  }
}

extension CheckpointContents {
  /// The tree of the only part; an empty one where there is none.
  fileprivate var onlyTree: Tree<ArrayLeaf> {
    let item: Checkpointable? =
      switch root {
      case .unnamed(let item): item
      case .named(let items): items.count == 1 ? try? items[0].value : nil
      }
    guard case .tree(let tree)? = item else { return .dict([]) }
    return tree
  }
}
