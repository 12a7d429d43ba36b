import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The code of the articles on loading, as it stands there.
struct LoadingArticleTests {
  /// A checkpoint with a tree.
  private func saved(
    _ tree: Tree<NDArray>
  ) async throws -> (directory: TemporaryDirectory, path: FilePath) {
    let directory = try TemporaryDirectory()
    let path = directory("checkpoint")
    try await Checkpoint.save(tree, to: path, options: .quick())
    return (directory, path)
  }

  private func state() throws -> Tree<NDArray> {
    .dict([
      .init(
        "params",
        .dict([
          .init("kernel", .leaf(try counting(2, 3))), .init("bias", .leaf(try floats([1, 2, 3]))),
        ])),
      .init("opt_state", .list([.leaf(try counting(6)), .value(.null)])),
      .init("step", .value(.int(IntegerText(3)))),
    ])
  }

  @Test func asksForWhatIsWanted() async throws {
    let (directory, path) = try await saved(try state())
    defer { withExtendedLifetime(directory) {} }
    let metadata = try await Checkpoint.metadata(at: path)
    let everything = metadata.content.abstract()
    let same = try await Checkpoint.load(from: path, as: everything)
    #expect(same.difference(from: try state()) == nil)

    let abstract: Tree<AbstractLeaf> = [
      "params": ["kernel": .array(dtype: .bfloat16), "bias": .asSaved],
      "opt_state": .placeholder, "step": .asSaved,
    ]
    let state = try await Checkpoint.load(from: path, as: abstract)
    #expect(
      state.leaves.map { "\($0.path) \($0.leaf.dtype)" } == [
        "params/kernel bfloat16", "params/bias float32",
      ])
    #expect(state[TreePath([.key("opt_state")])]?.isNone == true)
  }

  @Test func takesATarget() async throws {
    struct Model: Codable, Equatable { var w: NDArray }
    let (directory, path) = try await saved(["w": .array([0.5, 1] as [Double])])
    defer { withExtendedLifetime(directory) {} }
    let target = Model(w: try floats([0, 0]))
    let same = try await Checkpoint.load(from: path, as: target)
    #expect(same == Model(w: try floats([0.5, 1])))
  }

  @Test func asksForOtherMeshes() async throws {
    let directory = try TemporaryDirectory()
    let path = directory("checkpoint")
    let sharding = Sharding(
      axisNames: ["data", "model"], axisSizes: [1, 2], partition: [["model"]])
    let tree: Tree<ArrayLeaf> = ["w": .leaf(ArrayLeaf(try counting(8), sharding: sharding))]
    try await Checkpoint.saveCheckpointables(["state": tree], to: path, options: .quick())
    let saved = try await Checkpoint.metadata(at: path).content
    let first = try saved.abstract(onDevice: 0, of: ["data": 2, "model": 4])
    let last = try saved.abstract(onDevice: 7, of: 8)
    #expect(try await Checkpoint.load(from: path, as: first).floats("w") == [0, 1])
    #expect(try await Checkpoint.load(from: path, as: last).floats("w") == [7])
  }

  @Test func tellsWhatDiffers() async throws {
    let (directory, path) = try await saved(try state())
    defer { withExtendedLifetime(directory) {} }
    let request: Tree<AbstractLeaf> = .dict([
      .init("params", .dict([.init("kernel", .leaf(.array(dtype: .int8)))])),
      .init("step", .leaf(.asSaved)), .init("epoch", .leaf(.asSaved)),
    ])
    let report = try await Checkpoint.compare(path, with: request)
    for path in report.missing { print("the checkpoint lacks \(path)") }
    for path in report.unexpected { print("nobody asked for \(path)") }
    for mismatch in report.mismatched { print("\(mismatch.path): \(mismatch.message)") }
    #expect(texts(report.missing) == ["epoch"])
    #expect(texts(report.unexpected) == ["params/bias", "opt_state/0"])
    #expect(texts(report.mismatched.map(\.path)) == ["params/kernel"])
    let error = await #expect(throws: CoppiceError.self) {
      try await Checkpoint.load(from: path, as: request)
    }
    #expect(error?.structureReport == report)
  }

  @Test func takesAPart() async throws {
    let (directory, path) = try await saved(try state())
    defer { withExtendedLifetime(directory) {} }
    let weights = try await Checkpoint.load(
      from: path, as: ["params": ["bias": .asSaved]], options: .init(unexpected: .ignore))
    #expect(weights.leaves.map { "\($0.path)" } == ["params/bias"])

    let params = try await Checkpoint.load(
      from: path, options: .init(selection: .matching([try PathGlob("params/**")])))
    let small = try await Checkpoint.load(
      from: path,
      options: .init(selection: .leaves { _, array in (array?.shape.elementCount ?? 0) < 1000 }))
    #expect(params.leaves.map { "\($0.path)" } == ["params/kernel", "params/bias"])
    #expect(small.leafCount == 3)
  }

  @Test func fillsWhatIsMissing() async throws {
    let (directory, path) = try await saved(try state())
    defer { withExtendedLifetime(directory) {} }
    guard case .dict(let entries) = try state() else { return }
    let initial: Tree<NDArray> = .dict(
      entries + [.init("batch_stats", .leaf(try counting(10)))])
    let restored = try await Checkpoint.load(
      from: path, as: initial, options: .init(missing: .fallback(initial)))
    #expect(restored.difference(from: initial) == nil)
  }

  @Test func readsBoxesAndShares() async throws {
    let (directory, path) = try await saved(.dict([.init("table", .leaf(try counting(4, 4)))]))
    defer { withExtendedLifetime(directory) {} }
    let rows = box([0, 0], [2, 4])
    let firstRows = try await Checkpoint.load(from: path, as: ["table": .box(rows)])
    #expect(firstRows.floats("table") == [0, 1, 2, 3, 4, 5, 6, 7])

    let sharding = Sharding(axisNames: ["model"], axisSizes: [2], partition: [[], ["model"]])
    let share = try await Checkpoint.load(
      from: path, as: ["table": .array(region: .device(1, of: sharding))])
    #expect(share.floats("table") == [2, 3, 6, 7, 10, 11, 14, 15])
  }

  @Test func stacksLayers() async throws {
    var layers: [Tree<NDArray>.Entry] = []
    for index in 0..<3 {
      layers.append(
        .init(
          .string("layer_\(index)"), .dict([.init("w", .leaf(try floats([Float(index), 5])))])))
    }
    let (directory, path) = try await saved(.dict([.init("params", .dict(layers))]))
    defer { withExtendedLifetime(directory) {} }
    var surgery = TreeLoadOptions()
    surgery.transforms = [
      .rename(from: "params", to: "model"),
      .stack((0..<3).map { "model/layer_\($0)" }, into: "model/layers"),
    ]
    let scanned = try await Checkpoint.load(from: path, options: surgery)
    #expect(scanned.leaves.map { "\($0.path) \($0.leaf.shape)" } == ["model/layers/w [3, 2]"])
    #expect(scanned.floats("model", "layers", "w") == [0, 5, 1, 5, 2, 5])
  }

  @Test func changesNamesAndAxes() async throws {
    let matrix = try NDArray(
      dtype: .uint8, shape: #require(Shape([2, 3])), bytes: [0, 1, 2, 3, 4, 5])
    let (directory, path) = try await saved(
      .dict([
        .init("module.h.0.weight", .leaf(matrix)), .init("module.h.0.bias", .leaf(try floats([1]))),
      ]))
    defer { withExtendedLifetime(directory) {} }
    var names = TreeLoadOptions()
    names.transforms = [
      .renameAll([try TreeRenaming(matching: PathGlob("module.*"), to: "{1}")]),
      .nestKeys(separator: "."),
      .renameAll([try TreeRenaming(matching: PathGlob("**/weight"), to: "{1}/kernel")]),
      .transpose([try PathGlob("**/kernel")]),
    ]
    let tree = try await Checkpoint.load(from: path, options: names)
    #expect(
      tree.leaves.map { "\($0.path) \($0.leaf.shape)" } == ["h/0/bias [1]", "h/0/kernel [3, 2]"])
    // numpy.arange(6).reshape(2, 3).T
    #expect(tree["h/0/kernel"]?.leaves.first?.leaf.withBytes { $0.copied } == [0, 3, 1, 4, 2, 5])
  }

  @Test func takesWhatIsWhole() async throws {
    let (directory, path) = try await saved(
      .dict([.init("a", .leaf(try floats([1, 2]))), .init("b", .leaf(try floats([3, 4])))]))
    defer { withExtendedLifetime(directory) {} }
    let file = path.appending("state").appending("arrays.h5")
    let input = try InputFile(opening: file)
    var bytes = try input.bytes(at: 0, count: input.byteCount)
    // 3 and 4 as float32.
    let place = try #require(
      (0..<(bytes.count - 8)).last {
        Array(bytes[$0..<($0 + 8)]) == [0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40]
      })
    bytes[place] = 1
    try OutputDirectory.remove(file)
    try OutputFile.create(file, holding: bytes, durability: .buffered)
    var salvaging = OpenOptions()
    salvaging.salvages = true
    salvaging.onOmission = { omission in print("left out: \(omission.place)") }
    let whole = try await Checkpoint.load(from: path, opening: salvaging)
    #expect(whole.leaves.map { "\($0.path)" } == ["a"])
  }

  @Test func castsAndResizes() async throws {
    let (directory, path) = try await saved(.dict([.init("w", .leaf(try floats([1, 1.001])))]))
    defer { withExtendedLifetime(directory) {} }
    let metadata = try await Checkpoint.metadata(at: path)
    let half = metadata.content.abstract().casting(to: .bfloat16)
    let weights = try await Checkpoint.load(from: path, as: half)
    // Both are 3F80: bfloat16 has three decimal digits at most.
    #expect(weights.leaves.first?.leaf.bytes == [0x80, 0x3F, 0x80, 0x3F])

    let error = await #expect(throws: CoppiceError.self) {
      try await Checkpoint.load(from: path, as: half, options: .init(castMode: .exact))
    }
    // A value that doesn't fit ends the whole load, and the error names its leaf.
    #expect(error?.code == .castInexact)
    #expect(error?.location.treePath == "w")

    let larger = try await Checkpoint.load(
      from: path, as: ["w": .array(dtype: .float32, shape: [4])],
      options: .init(resizing: .pad(with: 0)))
    #expect(larger.floats("w") == [1, 1.001, 0, 0])
  }

  /// The articles' code is this file's, line by line.
  @Test(arguments: ["LoadingPart.md", "CastingAndResizing.md"])
  func theCodeOfArticlesIsCompiled(_ article: String) throws {
    let source = try Specification.text(
      of: FilePath(
        Specification.package.string + "/Tests/CoppiceTests/Articles/LoadingArticleTests.swift"))
    let text = try Specification.text(
      of: FilePath(Specification.package.string + "/Sources/Coppice/Coppice.docc/" + article))
    let lines = { (text: Substring) in
      text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
    }
    let compiled = lines(source[...])
    let blocks = text.split(separator: "```swift\n").dropFirst().compactMap {
      $0.split(separator: "```").first
    }
    #expect(blocks.count > 2)
    for block in blocks { #expect(compiled.contains(lines(block)), "\(block)") }
  }
}
