import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import Testing

/// A conversion has no note about a feature exactly when `coppice formats` says that the format
/// keeps it.
struct AbilitiesTests {
  private typealias Node = Tree<ArrayLeaf>

  /// Returns a checkpoint for each feature, without other features that some format can't keep.
  private func samples() throws -> [(FormatAbilities.Feature, CheckpointContents)] {
    var generator = TreeGenerator(seed: 5)
    let leaf: Node = .leaf(ArrayLeaf(try generator.array(.float32, [2])))
    let one = CheckpointContents(format: "memory", root: .unnamed(.tree(.dict([.init("k", leaf)]))))
    func tree(_ key: TreeKey, _ node: Node) -> CheckpointContents {
      CheckpointContents(
        format: "memory", root: .unnamed(.tree(.dict([.init(key, node), .init("other", leaf)]))))
    }
    func parts(_ name: String, _ part: Checkpointable) -> CheckpointContents {
      let state = NamedCheckpointable("state", .tree(.dict([.init("k", leaf)])))
      return CheckpointContents(format: "memory", root: .named([state, .init(name, part)]))
    }
    func changed(_ change: (inout CheckpointContents) -> Void) -> CheckpointContents {
      var contents = one
      change(&contents)
      return contents
    }
    let texts = try #require(
      Shape([1]).flatMap { TextArray(shape: $0, elements: .strings(["x"])) })
    let large = try #require(IntegerText("1180591620717411303424"))
    let sharding = Sharding(
      axisNames: ["x"], axisSizes: [2], partition: [["x"]], devices: [0, 1])
    let file = try InputFile(opening: Specification.package.appending("Package.swift"))
    let bytes = try #require(ByteSlice(of: file, at: 0, count: 8))
    let eight = try #require(Shape([8]))
    let stored = try #require(
      ContiguousArraySource(dtype: .uint8, shape: eight, bytes: bytes))
    let tied = CheckpointContents(
      format: "memory",
      root: .unnamed(.tree(.dict(["a", "b"].map { .init($0, .leaf(ArrayLeaf(stored))) }))))
    let key = ArrayLeaf(try generator.array(.uint32, [2]), prngImplementation: "threefry2x32")
    return [
      (.namedCheckpointables, parts("ema", .tree(.dict([.init("k", leaf)])))),
      (.jsonCheckpointables, parts("config", .json(.object([.init("lr", .number("0.1"))])))),
      (
        .fileCheckpointables, parts("iterator", .files([.init(path: "a", bytes: MemoryBytes([1]))]))
      ),
      (.composites, parts("c", .composite([.init("a", .tree(.dict([.init("k", leaf)])))]))),
      (.nesting, tree("k", .dict([.init("a", leaf)]))), (.lists, tree("k", .list([leaf]))),
      (.tuples, tree("k", .tuple([leaf]))),
      (.records, tree("k", .record(.init(type: "State", fields: [.init("mu", leaf)])))),
      (.integerKeys, tree(3, leaf)), (.emptyContainers, tree("k", .dict([]))),
      (.numbers, tree("k", .value(.int(IntegerText(7))))),
      (.numbers, tree("k", .value(.float(.init(0.1))))),
      (.numbers, tree("k", .value(.bool(true)))),
      (.largeIntegers, tree("k", .value(.int(large)))),
      (.complexNumbers, tree("k", .value(.complex(real: .init(1), imaginary: .init(2))))),
      (.strings, tree("k", .value(.string("x")))), (.bytes, tree("k", .value(.bytes([1, 2])))),
      (.textArrays, tree("k", .value(.stringArray(texts)))), (.none, tree("k", .value(.null))),
      (.emptyArrays, tree("k", .leaf(ArrayLeaf(try generator.array(.float32, [2, 0]))))),
      (.tiedArrays, tied), (.randomKeys, tree("k", .leaf(key))),
      (
        .shardings,
        tree("k", .leaf(ArrayLeaf(try generator.array(.float32, [2]), sharding: sharding)))
      ),
      (.metrics, changed { $0.metrics = .object([.init("loss", .number("0.5"))]) }),
      (.customMetadata, changed { $0.custom = .object([.init("run", .string("x"))]) }),
      (
        .times,
        changed {
          ($0.initTime, $0.commitTime) = (.init(nanoseconds: 1_000), .init(nanoseconds: 2_000))
        }
      ),
    ]
  }

  @Test(arguments: FormatWriters.all.map(\.name)) func noNoteIfAndOnlyIf(_ name: String) throws {
    let format = try FormatWriters.named(name)
    var seen: Set<FormatAbilities.Feature> = [.steps]
    for (feature, contents) in try samples() {
      seen.insert(feature)
      let notes = try format.notedPlan(contents, options: OutputOptions()).notes
      let isKept = format.abilities.features.contains(feature)
      #expect(notes.isEmpty == isKept, "\(feature.rawValue): \(notes)")
    }
    let run = try format.planRun(rootMetadata: nil, options: OutputOptions())
    #expect((run != nil) == format.abilities.features.contains(.steps))
    #expect(seen == Set(FormatAbilities.Feature.allCases))
    // The same for dtypes.
    var generator = TreeGenerator(seed: 6)
    for dtype in DType.allCases {
      let array = ArrayLeaf(try generator.array(dtype, [3]))
      let contents = CheckpointContents(
        format: "memory", root: .unnamed(.tree(.dict([.init("k", .leaf(array))]))))
      let notes = try format.plan(contents, options: OutputOptions()).notes
      #expect(notes.isEmpty == format.abilities.dtypes.contains(dtype), "\(dtype): \(notes)")
    }
  }

  /// The step of one checkpoint is kept by Coppice's format alone, and every other says that it is lost, once.
  @Test(arguments: FormatWriters.all.map(\.name)) func theStepIsKeptOrNoted(_ name: String) throws {
    let format = try FormatWriters.named(name)
    var generator = TreeGenerator(seed: 5)
    let leaf: Node = .leaf(ArrayLeaf(try generator.array(.float32, [2])))
    var contents = CheckpointContents(
      format: "memory", root: .unnamed(.tree(.dict([.init("k", leaf)]))))
    contents.step = 7
    contents.metrics = .object([.init("loss", .number("0.5"))])
    let notes = try format.plan(contents, options: OutputOptions()).notes
    #expect(notes.count { $0.message.contains("step") } == (name == "coppice" ? 0 : 1), "\(notes)")
    #expect(Set(notes.map(\.message)).count == notes.count, "\(notes)")
    let keepsMetrics = format.abilities.features.contains(.metrics)
    #expect(notes.count { $0.message.contains("metrics") } == (keepsMetrics ? 0 : 1), "\(notes)")
  }
}
