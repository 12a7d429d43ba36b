import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage
import Testing

/// Converted trees arrive whole, with every bit.
struct ConversionTests {
  private func sample(seed: UInt64 = 1) throws -> Tree<NDArray> {
    var generator = TreeGenerator(seed: seed, extent: 7)
    return .dict([
      .init(
        "params",
        .dict([
          .init("w", .leaf(try generator.array(.float32, [3, 5]))),
          .init("b", .leaf(try generator.array(.bfloat16, [5]))),
          .init("empty", .leaf(try generator.array(.float16, [0, 2]))),
        ])),
      .init("step", .leaf(try generator.array(.int64, []))),
      .init("mask", .leaf(try generator.array(.uint8, [1000]))),
    ])
  }

  @Test func valuesSurviveSafetensorsAndBack() throws {
    let directory = try TemporaryDirectory()
    let tree = try sample()
    try directory.checkpoint("a", CheckpointContents(tree))
    try convert(
      CheckpointOpener.open(directory("a"), options: OpenOptions(formats: .all)),
      to: directory("b.safetensors")
    ) {
      $0.format = OutputFormat(.safetensors)
    }
    try convert(
      CheckpointOpener.open(directory("b.safetensors"), options: OpenOptions(formats: .all)),
      to: directory("c")
    ) { _ in }
    let found = try #require(try opened(directory("c")).tree("state"))
    #expect(found.leafCount == tree.leafCount)
    // Nesting became names; each array is there under the name that safetensors gave it.
    let expected = tree.leaves.map { $0.leaf }
    let names = found.leaves.map { "\($0.path)" }
    for (path, array) in tree.leaves {
      let name = path.components.map(\.escaped).joined(separator: ".")
      let place = try #require(names.firstIndex(of: name), "\(name) in \(names)")
      let other = Tree<NDArray>.leaf(found.leaves[place].leaf)
      #expect(other.difference(from: .leaf(array)) == nil, "\(name)")
    }
    #expect(expected.count == names.count)
    #expect(try directory.names == ["a", "b.safetensors", "c"])
  }

  @Test func copiesItsOwnFormatExactly() throws {
    let directory = try TemporaryDirectory()
    var generator = TreeGenerator(seed: 4)
    let tree = try generator.tree()
    var contents = CheckpointContents([("a b/c", tree)])
    contents.step = 12
    contents.metrics = .object([.init("loss", .number("0.5"))])
    contents.custom = .object([.init("é", .array([.null]))])
    contents.initTime = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
    contents.commitTime = Timestamp(nanoseconds: 1_700_000_001_000_000_000)
    try directory.checkpoint("a", contents)
    try convert(
      CheckpointOpener.open(directory("a"), options: OpenOptions(formats: .all)), to: directory("b")
    ) { _ in }
    let found = try opened(directory("b"))
    #expect(found.names == ["a b/c"])
    #expect(try #require(try found.tree()).difference(from: tree) == nil)
    #expect(found.step == 12)
    #expect(found.metrics == contents.metrics)
    #expect(found.custom == contents.custom)
    #expect(found.initTime == contents.initTime)
    #expect(found.commitTime == contents.commitTime)
  }

  @Test func castsOnTheWay() throws {
    let directory = try TemporaryDirectory()
    try directory.checkpoint(
      "a", CheckpointContents(.dict([.init("w", .leaf(try NDArray(floats: [1, -2.5, 65504])))])))
    for target in FormatWriters.all {
      try convert(
        CheckpointOpener.open(directory("a"), options: OpenOptions(formats: .all)),
        to: directory(target.name)
      ) {
        (options) throws(CoppiceError) in
        options.format = OutputFormat(target)
        options.transform.casts = [(try PathGlob("**"), .float16)]
      }
      let leaf = try #require(try opened(directory(target.name)).tree()?.leaves.first?.leaf)
      #expect(leaf.dtype == .float16)
      // IEEE 754 binary16: 1.0, -2.5, 65504.
      let bits = leaf.withBytes { bytes in
        (0..<3).map { bytes.unsafeLoadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self) }
      }
      #expect(bits == [0x3C00, 0xC100, 0x7BFF])
    }
  }

  @Test(arguments: FormatWriters.all.map(\.name))
  func aCastThatFailsStopsEverything(_ format: String) throws {
    let directory = try TemporaryDirectory()
    let tree: Tree<NDArray> = .dict([
      .init("fine", .leaf(try NDArray(floats: [1, 2]))),
      .init("deep", .dict([.init("large", .leaf(try NDArray(floats: [1, 70000, 3])))])),
    ])
    try directory.checkpoint("a", CheckpointContents(tree))
    let error = try #require(
      failure {
        try convert(
          CheckpointOpener.open(directory("a"), options: OpenOptions(formats: .all)),
          to: directory("b")
        ) {
          (options) throws(CoppiceError) in
          options.format = try OutputFormat(FormatWriters.named(format))
          options.transform.casts = [(try PathGlob("**"), .float16)]
        }
      })
    #expect(error.code.rawValue == "cast.out-of-range")
    #expect(error.location.treePath == "deep/large")
    #expect(error.message.contains("70000"), "\(error.message)")
    #expect(try directory.names == ["a"])
  }

  @Test func findsStepsByChoice() throws {
    let steps = CheckpointRun(
      format: "memory",
      steps: [5, 10, 200].map { number in
        .init(number: number, name: String(number)) { () throws(CoppiceError) in
          CheckpointContents(.dict([]))
        }
      })
    #expect(try StepChoice.latest.find(in: steps).first?.number == 200)
    #expect(try StepChoice.number(10).find(in: steps).first?.number == 10)
    let error = try #require(failure { _ = try StepChoice.number(11).find(in: steps) })
    #expect(error.code.rawValue == "usage.no-such-step")
    #expect(error.message.contains("5, 10, 200"))
    let none = CheckpointRun(format: "memory", steps: [])
    #expect(code { _ = try StepChoice.latest.find(in: none) } == "usage.no-such-step")
    let many = CheckpointRun(
      format: "memory",
      steps: (0..<1000).map { number in
        .init(number: number, name: String(number)) { () throws(CoppiceError) in
          CheckpointContents(.dict([]))
        }
      })
    let long = try #require(failure { _ = try StepChoice.number(5000).find(in: many) })
    #expect(long.message.contains("999") && long.message.contains("…"), "\(long.message)")
  }

  private func run(in directory: TemporaryDirectory) throws -> Tree<NDArray> {
    let tree = try sample()
    try OutputDirectory.create(directory("run"))
    for number in [3, 20, 100] {
      var contents = CheckpointContents([("state", tree)])
      contents.step = number
      contents.metrics = .object([.init("loss", .integer(number))])
      try directory.checkpoint("run/\(number)", contents)
    }
    return tree
  }

  @Test func aRunBecomesARun() throws {
    let directory = try TemporaryDirectory()
    let tree = try run(in: directory)
    try convert(
      CheckpointOpener.open(directory("run"), options: OpenOptions(formats: .all)),
      to: directory("copy")
    ) { _ in }
    guard
      case .steps(let steps) = try CheckpointOpener.open(
        directory("copy"), options: OpenOptions(formats: .all))
    else {
      Issue.record("no steps")
      return
    }
    #expect(steps.steps.map(\.number) == [3, 20, 100])
    for step in steps.steps {
      let contents = try step.open()
      #expect(contents.step == step.number)
      #expect(contents.metrics?["loss"] == .integer(step.number))
      #expect(try contents.tree()?.difference(from: tree) == nil)
    }
    #expect(try directory.names == ["copy", "run"])
  }

  @Test func oneStepBecomesACheckpoint() throws {
    let directory = try TemporaryDirectory()
    _ = try run(in: directory)
    let input = try CheckpointOpener.open(directory("run"), options: OpenOptions(formats: .all))
    try convert(input, to: directory("one")) { $0.step = .number(20) }
    #expect(try opened(directory("one")).step == 20)
    try convert(input, to: directory("last.safetensors")) {
      $0.step = .latest
      $0.format = OutputFormat(.safetensors)
    }
    #expect(try opened(directory("last.safetensors")).format == "safetensors")
    for change in [
      { (options: inout ConversionOptions) in options.format = OutputFormat(.safetensors) },
      { (options: inout ConversionOptions) in options.step = .number(4) },
    ] {
      let error = try #require(
        failure { try convert(input, to: directory("none")) { change(&$0) } })
      #expect(error.code.rawValue.hasPrefix("usage."))
    }
    #expect(try directory.names == ["last.safetensors", "one", "run"])
  }

  @Test func aSingleCheckpointHasNoOtherSteps() throws {
    let directory = try TemporaryDirectory()
    try directory.checkpoint("a", CheckpointContents(.dict([])))
    #expect(
      code {
        try convert(
          CheckpointOpener.open(directory("a"), options: OpenOptions(formats: .all)),
          to: directory("b")
        ) {
          $0.step = .number(1)
        }
      } == "usage.choice")
  }

  @Test func replacesACheckpoint() throws {
    let directory = try TemporaryDirectory()
    let tree = try sample()
    try directory.checkpoint("a", CheckpointContents(tree))
    try directory.checkpoint("b", CheckpointContents(try sample(seed: 2)))
    let input = try CheckpointOpener.open(directory("a"), options: OpenOptions(formats: .all))
    #expect(code { try convert(input, to: directory("b")) { _ in } } == "operation.exists")
    try convert(input, to: directory("b")) { $0.writing.isReplacing = true }
    #expect(try opened(directory("b")).tree()?.difference(from: tree) == nil)
    #expect(try directory.names == ["a", "b"])
  }

  @Test func splitsByFileSize() throws {
    let directory = try TemporaryDirectory()
    let tree = try sample()
    try directory.checkpoint("a", CheckpointContents(tree))
    let input = try CheckpointOpener.open(directory("a"), options: OpenOptions(formats: .all))
    try convert(input, to: directory("set")) {
      $0.format = OutputFormat(.safetensors)
      $0.maximumFileBytes = 600
    }
    #expect(
      try DirectoryHandle(opening: directory("set")).entries().map(\.name).contains(
        "model.safetensors.index.json"))
    #expect(try opened(directory("set")).tree()?.leafCount == tree.leafCount)
    try convert(input, to: directory("b")) { $0.maximumFileBytes = 600 }
    let files = try DirectoryHandle(opening: directory("b")).subdirectory("state").allFiles()
    #expect(files.contains("arrays.1.h5"))
    #expect(try opened(directory("b")).tree()?.difference(from: tree) == nil)
  }

  @Test func saysWhatSafetensorsLeavesOut() throws {
    let directory = try TemporaryDirectory()
    let leaf = try NDArray(floats: [1])
    var contents = CheckpointContents([
      ("state", .dict([.init("w", .leaf(leaf)), .init("name", .value(.string("x")))])),
      ("ema", .dict([.init("w", .leaf(leaf))])),
    ])
    contents.metrics = .object([])
    let notes = try convert(.checkpoint(contents), to: directory("a.safetensors")) {
      $0.format = OutputFormat(.safetensors)
    }
    #expect(notes.contains { $0.kind == .leftOut && $0.treePath == "name" })
    #expect(notes.contains { $0.kind == .metadata && $0.message.contains("metrics") })
    let part = try #require(notes.first { $0.kind == .checkpointable })
    #expect(part.message.contains("\"ema\""))
  }

  /// Two spellings of a character are two keys, and two notes.
  @Test func noNoteIsTakenForAnother() throws {
    let directory = try TemporaryDirectory()
    let contents = CheckpointContents(
      .dict([.init("é", .value(.string("x"))), .init("e\u{301}", .value(.string("x")))]))
    let notes = try convert(.checkpoint(contents), to: directory("a.safetensors")) {
      $0.format = OutputFormat(.safetensors)
    }
    #expect(notes.map(\.kind) == [.leftOut, .leftOut])
  }

  @Test func strictnessRefusesWhatIsInexact() throws {
    let directory = try TemporaryDirectory()
    let exact = CheckpointContents(.dict([.init("w", .leaf(try NDArray(floats: [1])))]))
    try convert(.checkpoint(exact), to: directory("a.safetensors")) {
      $0.format = OutputFormat(.safetensors)
      $0.isStrict = true
    }
    let inexact = CheckpointContents(.dict([.init("n", .value(.int(IntegerText(1))))]))
    let error = try #require(
      failure {
        try convert(.checkpoint(inexact), to: directory("b.safetensors")) {
          $0.format = OutputFormat(.safetensors)
          $0.isStrict = true
        }
      })
    #expect(error.code.rawValue == "conversion.inexact")
    #expect(error.code.isInputFault)
    #expect(error.location.treePath == "n")
    #expect(try directory.names == ["a.safetensors"])
  }

  /// In `views`, all but `param` are views of `base`, and a row is a part of it in its own order.
  @Test(
    arguments: [
      (
        "views/input/m.pth", "safetensors", nil, ["expanded", "row", "slice", "step", "transposed"]
      ),
      ("views/input/m.pth", "pytorch", nil, ["expanded", "slice", "step", "transposed"]),
      (
        "views/input/m.pth", "safetensors", .bfloat16,
        ["expanded", "row", "slice", "step", "transposed"]
      ),
      ("overlaps/input/m.pt", "pytorch", nil, ["conjugate", "corner", "diagonal", "even_again"]),
      (
        "overlaps/input/m.pt", "safetensors", nil,
        ["conjugate", "corner", "diagonal", "even_again"]
      ),
    ] as [(String, String, DType?, [String])])
  func viewsOfOneStorageAreNoted(
    _ file: String, _ format: String, _ dtype: DType?, _ noted: [String]
  ) throws {
    let source = Specification.package.appending("fixtures/foreign/pytorch/" + file)
    let input = try CheckpointOpener.open(source, options: OpenOptions(formats: .all))
    var options = ConversionOptions()
    options.format = try #require(OutputFormat.all.first { $0.name == format })
    if let dtype { options.transform.casts = [(try PathGlob("*"), dtype)] }
    let notes = try Conversion.plan(input, options: options).notes.filter { $0.kind == .tied }
    #expect(notes.map(\.treePath).sorted() == noted)
  }

  /// What is no step of a run isn't carried over; a conversion of one step has nothing to do with it.
  @Test func strictnessRefusesWhatIsNoStepOfARun() throws {
    let directory = try TemporaryDirectory()
    let contents = CheckpointContents(.dict([.init("w", .leaf(try NDArray(floats: [1])))]))
    var steps = CheckpointRun(format: "memory", steps: [.init(number: 1, name: "1") { contents }])
    try convert(.steps(steps), to: directory("a")) { $0.isStrict = true }
    steps.warnings = [CoppiceError(.formatUnrecognized, "is no step", at: .init(file: "2.tmp"))]
    let error = failure { try convert(.steps(steps), to: directory("b")) { $0.isStrict = true } }
    #expect(error?.code == .conversionInexact && error?.location.file == "2.tmp")
    try convert(.steps(steps), to: directory("c")) {
      $0.isStrict = true
      $0.step = .number(1)
    }
    #expect(try directory.names.sorted() == ["a", "c"])
  }

  @Test func aPlanSaysWhatWouldBeWritten() throws {
    let tree = try sample()
    var options = ConversionOptions()
    options.format = OutputFormat(.safetensors)
    let report = try Conversion.plan(
      .checkpoint(CheckpointContents(tree)), options: options)
    let output = try #require(report.outputs.first)
    #expect(report.outputs.count == 1)
    #expect(Set(output.leaves.map(\.path)) == Set(tree.leaves.map { $0.path.description }))
    // float32 [3, 5], bfloat16 [5], float16 [0, 2], int64 [], uint8 [1000].
    let byteCounts = Set(output.leaves.map(\.byteCount))
    #expect(byteCounts == [60, 10, 0, 8, 1000])
    let directory = try TemporaryDirectory()
    try convert(.checkpoint(CheckpointContents(tree)), to: directory("m.safetensors")) {
      $0.format = OutputFormat(.safetensors)
    }
    let file = try InputFile(opening: directory("m.safetensors"))
    #expect(output.files.map(\.byteCount) == [file.byteCount])
  }

  @Test func refusesChoicesWithoutMeaning() throws {
    let directory = try TemporaryDirectory()
    let contents = CheckpointContents(.dict([]))
    for change in [
      { (options: inout ConversionOptions) in options.compression = .zstd(level: nil) },
      { (options: inout ConversionOptions) in options.layout = "directories" },
    ] {
      let code = code {
        try convert(.checkpoint(contents), to: directory("a")) {
          $0.format = OutputFormat(.safetensors)
          change(&$0)
        }
      }
      #expect(code == "usage.choice")
    }
    #expect(code { _ = try FormatWriters.named("gguf") } == "usage.choice")
  }
}
