import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// Leaves that no array can represent, in real files: refused when they are asked for, and only then.
struct UnsupportedTests {
  private static let trainer = RecognitionTests.fixtures.pushing("pytorch/trainer/input/last.ckpt")
  private static let objects = RecognitionTests.fixtures.pushing(
    "pytorch/foreign-objects/input/m.pt")
  private static let values = RecognitionTests.fixtures.pushing(
    "pytorch/foreign-values/input/m.pt")
  private static let hdf5 = RecognitionTests.fixtures.pushing("hdf5/unsupported/input/m.h5")

  private static var opening: OpenOptions { OpenOptions(formats: .all) }

  private func convert(
    _ path: FilePath, to target: FilePath,
    _ change: (inout ConversionOptions) throws -> Void = { _ in }
  ) throws -> ConversionReport {
    var options = ConversionOptions()
    options.writing.durability = .buffered
    try change(&options)
    return try Conversion.run(
      CheckpointOpener.open(path, options: Self.opening), to: target, options: options,
      monitor: OperationMonitor())
  }

  // MARK: Loading

  @Test func loadingThrowsTheFaultOfTheLeaf() async {
    let error = await #expect(throws: CoppiceError.self) {
      try await Checkpoint.load(from: Self.trainer, opening: Self.opening)
    }
    #expect(error?.code.rawValue == "pytorch.global")
    #expect(error?.location.treePath == "hyper_parameters")
    #expect(error?.faults.count == 2)
  }

  @Test func whatIsNotSelectedRefusesNothing() async throws {
    var options = TreeLoadOptions()
    options.selection = .matching([try PathGlob("state_dict/**")])
    let tree = try await Checkpoint.load(
      from: Self.trainer, options: options, opening: Self.opening)
    #expect(
      tree.leaves.map(\.path.description) == ["state_dict/layer.weight", "state_dict/layer.bias"])
    options.selection = .leaves { path, metadata in metadata?.dtype == .float32 }
    let same = try await Checkpoint.load(
      from: Self.trainer, options: options, opening: Self.opening)
    #expect(same.leaves.map(\.path.description) == tree.leaves.map(\.path.description))
    let abstract: Tree<AbstractLeaf> = .dict([
      .init("callbacks", .leaf(.placeholder)), .init("epoch", .value(.int(IntegerText(0)))),
      .init("hyper_parameters", .leaf(.placeholder)),
      .init(
        "state_dict",
        .dict([.init("layer.weight", .leaf(.asSaved)), .init("layer.bias", .leaf(.asSaved))])),
    ])
    let asked = try await Checkpoint.load(
      from: Self.trainer, as: abstract, opening: Self.opening)
    #expect(asked.leafCount == 2)
  }

  @Test func skippingSaysWhatIsLeftOut() async throws {
    let omissions = Mutex<[Omission]>([])
    var opening = Self.opening
    opening.skipsUnsupported = true
    opening.onOmission = { omission in omissions.withLock { $0.append(omission) } }
    let tree = try await Checkpoint.load(from: Self.values, opening: opening)
    guard case .dict(let entries) = tree else {
      Issue.record("no dictionary")
      return
    }
    // Elements of lists keep their indices; a dictionary that becomes empty is left out.
    #expect(entries.map(\.key) == ["inner", "outer", "last"])
    #expect(tree[TreePath([.key("inner"), .index(1)])] == .value(.null))
    let left = omissions.withLock { $0 }
    #expect(left.count == 6)
    #expect(left.allSatisfy { $0.fault.kind == .unsupported })
    #expect(left.map(\.place).prefix(2) == ["inner/1", "outer/self/again"])
  }

  private struct Trainer: Codable {
    struct Layer: Codable {
      var weight: [[Float]]
      var bias: [Float]

      enum CodingKeys: String, CodingKey {
        case weight = "layer.weight"
        case bias = "layer.bias"
      }
    }

    var state: Layer
    var arguments: String?

    enum CodingKeys: String, CodingKey {
      case state = "state_dict"
      case arguments = "hyper_parameters"
    }
  }

  @Test func codableTypesDoNotSeeThem() async throws {
    var opening = Self.opening
    opening.skipsUnsupported = true
    let trainer = try await Checkpoint.load(Trainer.self, from: Self.trainer, opening: opening)
    #expect(trainer.arguments == nil)
    #expect(trainer.state.weight.count == 2 && trainer.state.bias.count == 2)
  }

  // MARK: Conversion

  @Test(arguments: [trainer, objects, hdf5])
  func conversionsNameAllOfThemAndWriteNothing(_ path: FilePath) throws {
    let directory = try TemporaryDirectory()
    let contents = try opened(path)
    guard case .unnamed(.tree(let tree)) = contents.root else { return }
    let places = tree.leaves.filter { $0.leaf.fault != nil }.map(\.path.description)
    for format in FormatWriters.all {
      let error = failure {
        _ = try convert(path, to: directory("out")) { $0.format = OutputFormat(format) }
      }
      #expect(error?.faults.compactMap(\.location.treePath) == places, "\(format.name)")
    }
    #expect(try directory.names == [])
  }

  @Test(arguments: [trainer, objects, hdf5])
  func skippingWritesTheRestAndNotesEach(_ path: FilePath) throws {
    let directory = try TemporaryDirectory()
    let report = try convert(path, to: directory("out")) { $0.skipsUnsupported = true }
    guard case .unnamed(.tree(let tree)) = try opened(path).root else { return }
    let faulty = tree.leaves.filter { $0.leaf.fault != nil }.map(\.path.description)
    #expect(report.notes.filter { $0.kind == .unsupported }.map(\.treePath) == faulty)
    #expect(try opened(directory("out")).tree()?.leafCount == tree.leafCount - faulty.count)
  }

  @Test func selectionsWithoutAnyNeedNoFlag() throws {
    let directory = try TemporaryDirectory()
    let report = try convert(Self.trainer, to: directory("out")) {
      $0.transform.selection = [try PathGlob("state_dict/**")]
    }
    #expect(report.notes.isEmpty)
    #expect(try opened(directory("out")).tree()?.leafCount == 2)
    let node = try convert(Self.trainer, to: directory("node")) { $0.components = ["state_dict"] }
    #expect(node.notes.isEmpty)
    let one = failure {
      _ = try convert(Self.trainer, to: directory("none")) {
        $0.transform.selection = [try PathGlob("callbacks/**")]
      }
    }
    #expect(one?.faults.map(\.location.treePath) == ["callbacks/checkpoint/best"])
  }

  @Test func whereNothingRemainsNothingIsWritten() throws {
    let directory = try TemporaryDirectory()
    let function = RecognitionTests.fixtures.pushing("pytorch/function/input/m.pt")
    let error = failure {
      _ = try convert(function, to: directory("out")) { $0.skipsUnsupported = true }
    }
    #expect(error?.code.rawValue == "pytorch.global")
    #expect(try directory.names == [])
  }

  // MARK: Comparison and validation

  @Test func theyAreNotCompared() throws {
    let contents = try opened(Self.trainer)
    let result = try Comparison.run(.checkpoint(contents), .checkpoint(contents))
    #expect(result.isEqual)
    #expect(result.notComparedCount == 2)
    #expect(result.differences.map(\.kind) == [.notCompared, .notCompared])
    // It can't be compared with a value either.
    let other = CheckpointContents(
      format: "memory",
      root: .unnamed(.tree(.dict([.init("hyper_parameters", .value(.string("x")))]))))
    let mixed = try Comparison.run(.checkpoint(contents), .checkpoint(other))
    #expect(mixed.notComparedCount == 1)
    #expect(
      mixed.differences.filter { $0.kind == .notCompared }.map(\.path) == ["hyper_parameters"]
    )
  }

  @Test func validationWarnsOfThem() throws {
    let found = try PathValidation(
      options: Self.opening, level: .data, monitor: OperationMonitor()
    ).run(Self.trainer, step: nil)
    #expect(found.isValid)
    #expect(
      found.diagnostics.map(\.fault.location.treePath)
        == ["hyper_parameters", "callbacks/checkpoint/best"])
  }
}
