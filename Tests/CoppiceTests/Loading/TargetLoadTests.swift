import Coppice
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// A target gives a load its type, its structure, and the types and shapes of its arrays.
struct TargetLoadTests {
  private let directory: TemporaryDirectory
  private var path: FilePath { directory("a") }

  init() throws { directory = try TemporaryDirectory() }

  struct Model: Codable, Equatable {
    var step: Int
    var rate: Float
    var w: NDArray
    var bias: [Float]
    var ema: [String: NDArray]?
  }

  /// As Python saves it: all numbers have 64 bits.
  private let saved: Tree<NDArray> = [
    "step": 7, "rate": 0.1, "w": .array([0.1, 2] as [Double]), "bias": .array([0.5] as [Double]),
    "ema": ["w": .array([3] as [Float])],
  ]

  private func target() throws -> Model {
    Model(step: 0, rate: 0, w: try NDArray([0, 0] as [Float]), bias: [0], ema: nil)
  }

  @Test func arraysHaveTheTypesOfTheTarget() async throws {
    try await Checkpoint.save(saved, to: path, options: .quick())
    let loaded = try await Checkpoint.load(from: path, as: try target())
    #expect(
      loaded
        == Model(
          step: 7, rate: 0.1, w: try NDArray([0.1, 2] as [Float]), bias: [0.5],
          ema: ["w": try NDArray([3] as [Float])]))
  }

  @Test func aTreeOfArraysIsATarget() async throws {
    try await Checkpoint.save(saved, to: path, options: .quick())
    let target: Tree<NDArray> = ["w": .array([0, 0] as [Float])]
    let loaded = try await Checkpoint.load(
      from: path, as: target, options: TreeLoadOptions(unexpected: .ignore))
    #expect(loaded == ["w": .array([0.1, 2] as [Float])])
  }

  @Test func castsFollowTheMode() async throws {
    try await Checkpoint.save(saved, to: path, options: .quick())
    let error = await fault {
      try await Checkpoint.load(
        from: path, as: try target(), options: TreeLoadOptions(castMode: .exact))
    }
    #expect(error?.code == .castInexact)
    #expect(error?.location.treePath == "w")
  }

  @Test func whatDiffersIsListed() async throws {
    try await Checkpoint.save(
      ["step": 7, "w": .array([1, 2, 3] as [Float]), "old": 1] as Tree<NDArray>, to: path,
      options: .quick())
    let error = await fault { try await Checkpoint.load(from: path, as: try target()) }
    let report = try #require(error?.structureReport)
    #expect(texts(report.missing) == ["rate", "bias"])
    #expect(texts(report.unexpected) == ["old"])
    #expect(texts(report.mismatched.map(\.path)) == ["w"])
  }

  /// An older program saved neither `rate` nor `bias`.
  @Test func aFallbackSuppliesWhatIsMissing() async throws {
    try await Checkpoint.save(
      ["step": 7, "w": .array([1, 2] as [Double])] as Tree<NDArray>, to: path, options: .quick())
    var fresh = try target()
    (fresh.rate, fresh.bias) = (0.25, [4])
    let options = TreeLoadOptions(missing: .fallback(fresh))
    let like = try await Checkpoint.load(from: path, as: fresh, options: options)
    #expect(
      like == Model(step: 7, rate: 0.25, w: try NDArray([1, 2] as [Float]), bias: [4], ema: nil))
    // Without a target, arrays stay as saved.
    let typed = try await Checkpoint.load(Model.self, from: path, options: options)
    #expect(
      typed == Model(step: 7, rate: 0.25, w: try NDArray([1, 2] as [Double]), bias: [4], ema: nil))
    let error = await fault { try await Checkpoint.load(Model.self, from: path) }
    #expect(error?.code.rawValue == "state.coding")
    #expect(error?.location.file == path.string)
  }

  /// Another case of an enum is another value, not a lack.
  @Test func aFallbackLeavesEnumsAlone() async throws {
    enum Schedule: Codable, Equatable { case constant(Double), linear(Int) }
    struct Plan: Codable, Equatable {
      var schedule: Schedule
      var name: String
    }
    struct Old: Codable, Sendable { var schedule = Schedule.linear(3) }
    try await Checkpoint.save(Old(), to: path, options: .quick())
    let fresh = Plan(schedule: .constant(1), name: "new")
    let loaded = try await Checkpoint.load(
      Plan.self, from: path, options: TreeLoadOptions(missing: .fallback(fresh)))
    #expect(loaded == Plan(schedule: .linear(3), name: "new"))
  }

  @Test func anAbstractTreeIsTakenByTypedLoads() async throws {
    struct Part: Codable, Equatable { var w: NDArray }
    try await Checkpoint.save(saved, to: path, options: .quick())
    let part = try await Checkpoint.load(
      Part.self, from: path, as: ["w": .leaf(.array(dtype: .float32))],
      options: TreeLoadOptions(unexpected: .ignore))
    #expect(part == Part(w: try NDArray([0.1, 2] as [Float])))
  }

  @Test func checkpointablesTakeTargets() async throws {
    struct Settings: Codable, Equatable { var rate: Double }
    try await Checkpoint.saveCheckpointables(
      ["model": saved, "settings": ["rate": 0.5] as JSON], to: path, options: .quick())
    let parts = try await Checkpoint.loadCheckpointables(
      ["model": try target(), "settings": Settings.self], from: path)
    #expect(try parts.value("model", as: Model.self).w.dtype == .float32)
    #expect(try parts.value("settings", as: Settings.self) == Settings(rate: 0.5))
  }

  @Test func stepsTakeTargets() async throws {
    let root = try RootFixture()
    let checkpointer = try root.open { $0.loading.unexpected = .ignore }
    try await checkpointer.save(step: 1, saved).get()
    let loaded = try await checkpointer.load(as: try target())
    #expect(loaded.w == (try NDArray([0.1, 2] as [Float])))
    struct Part: Codable, Equatable { var w: NDArray }
    // The options of the checkpointer count, unless a call has its own.
    let part = try await checkpointer.load(
      Part.self, as: ["w": .leaf(.array(dtype: .float32))])
    #expect(part.w == loaded.w)
    #expect(
      await code {
        _ = try await checkpointer.load(as: part, options: TreeLoadOptions())
      } == "structure.mismatch")
  }

  /// A path is a `FilePath`, a literal, or a text of the program.
  @Test func pathsAreTextsToo() async throws {
    let text: String = path.string
    try await Checkpoint.save(saved, to: text, options: .quick())
    #expect(try await Checkpoint.exists(at: text))
    #expect(try await Checkpoint.load(from: "\(directory.path)/a") == saved)
    let checkpointer = try Checkpointer(text + "-run")
    #expect(checkpointer.directory.string == text + "-run")
    try await Checkpoint.delete(at: text)
    #expect(try await !Checkpoint.exists(at: text))
  }
}
