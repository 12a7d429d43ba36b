import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The calls that work on each layout: the table in annex D of the specification, on real
/// checkpoints.
struct LayoutTableTests {
  private static let opening = OpenOptions(formats: .all)

  static func fixture(_ name: String) -> FilePath {
    Specification.package.appending("fixtures").pushing(FilePath(name))
  }

  /// Checkpoints with names, and the names that each has.
  static let named: [(path: String, trees: [String], others: [String])] = [
    ("0/valid/directory/composite/checkpoint", ["ema weights", "state"], ["config", "iterator"]),
    ("foreign/orbax-0.12/v0-composite/input/ckpt", ["model", "opt"], ["cfg"]),
    ("foreign/orbax-0.12/v1-checkpointables/input/ckpt", ["ema", "state"], ["info"]),
    ("foreign/orbax-0.12/v0-manager-single/input/run/5", ["default"], []),
    ("foreign/orbax-0.12/v1-named/input/ckpt", ["model"], []),
  ]

  /// Checkpoints that are one tree.
  static let direct = [
    "0/valid/directory/direct/checkpoint",
    "foreign/orbax-0.12/v0-pytree-z3-ocdbt-raw/input/ckpt",
    "foreign/orbax-0.12/v0-direct-array/input/ckpt",
  ]

  /// Runs, each with one of its step numbers.
  static let roots = [
    ("0/valid/directory/steps/checkpoint", "100"),
    ("foreign/orbax-0.12/v0-manager/input/run", "42"),
    ("foreign/orbax-0.12/v1-training/input/run", "5"),
  ]

  private func fault<Result>(_ work: () async throws -> Result) async -> CoppiceError? {
    do {
      _ = try await work()
      return nil
    } catch {
      return error as? CoppiceError
    }
  }

  @Test(arguments: named)
  func loadTakesTheTreeThatIsMeant(
    _ row: (path: String, trees: [String], others: [String])
  ) async throws {
    let path = Self.fixture(row.path)
    let meant = TreeChoice.preferredNames.first(where: row.trees.contains)
    if meant != nil || row.trees.count == 1 {
      let tree = try await Checkpoint.load(from: path, opening: Self.opening)
      let name = meant ?? row.trees[0]
      let same = try await Checkpoint.load(from: path, name: name, opening: Self.opening)
      #expect(tree.difference(from: same) == nil)
      let metadata = try await Checkpoint.metadata(at: path, opening: Self.opening)
      #expect(metadata.content.leafCount == tree.leafCount)
    } else {
      let error = await fault { try await Checkpoint.load(from: path, opening: Self.opening) }
      #expect(error?.code == .usageChoice)
      for name in row.trees { #expect(error?.message.contains("\"\(name)\"") ?? false) }
    }
  }

  @Test(arguments: named)
  func loadByNameTakesTreesOnly(
    _ row: (path: String, trees: [String], others: [String])
  ) async throws {
    let path = Self.fixture(row.path)
    for name in row.trees {
      _ = try await Checkpoint.load(from: path, name: name, opening: Self.opening)
    }
    for name in row.others {
      let error = await fault {
        try await Checkpoint.load(from: path, name: name, opening: Self.opening)
      }
      #expect(error?.code == .usageChoice)
      #expect(error?.message.contains("loadCheckpointables") ?? false)
    }
    let error = await fault {
      try await Checkpoint.load(from: path, name: "nope", opening: Self.opening)
    }
    #expect(error?.code == .usageNoSuchCheckpointable)
    for name in row.trees + row.others {
      #expect(error?.message.contains("\"\(name)\"") ?? false, "\(name) is not in the message")
    }
  }

  @Test(arguments: named)
  func allPartsAreLoaded(_ row: (path: String, trees: [String], others: [String])) async throws {
    let path = Self.fixture(row.path)
    let all = try await Checkpoint.loadCheckpointables(from: path, opening: Self.opening)
    #expect(Set(all.names).isSuperset(of: row.trees + row.others))
    let first = row.trees[0]
    let one = try await Checkpoint.loadCheckpointables(
      [first: nil], from: path, opening: Self.opening)
    #expect(one.names == [first])
  }

  @Test(arguments: direct)
  func aDirectCheckpointHasNoNames(_ name: String) async throws {
    let path = Self.fixture(name)
    let tree = try await Checkpoint.load(from: path, opening: Self.opening)
    #expect(tree.leafCount > 0)
    let named = await fault {
      try await Checkpoint.load(from: path, name: "state", opening: Self.opening)
    }
    #expect(named?.message.contains("load it without one") ?? false)
    let parts = await fault {
      try await Checkpoint.loadCheckpointables(from: path, opening: Self.opening)
    }
    #expect(parts?.message.contains("load it with load(from:)") ?? false)
    #expect(try await Checkpoint.exists(at: path, opening: Self.opening))
  }

  @Test(arguments: roots)
  func aRootOfStepsSaysWhichThereAre(_ name: String, _ step: String) async throws {
    let path = Self.fixture(name)
    let errors = [
      await fault { try await Checkpoint.load(from: path, opening: Self.opening) },
      await fault { try await Checkpoint.load(from: path, name: "state", opening: Self.opening) },
      await fault { try await Checkpoint.loadCheckpointables(from: path, opening: Self.opening) },
      await fault { try await Checkpoint.metadata(at: path, opening: Self.opening) },
    ]
    for error in errors {
      #expect(error?.code == .usageChoice)
      #expect(error?.message.contains(step) ?? false, "\(error?.message ?? "")")
    }
    #expect(try await !Checkpoint.exists(at: path, opening: Self.opening))
  }

  /// Opening the directory of a checkpointable is refused, with a pointer to the checkpoint around
  /// it.
  @Test func aPartIsNoCheckpoint() async throws {
    let directory = try TemporaryDirectory()
    try await Checkpoint.save(.dict([]), to: directory("a"))
    let error = await fault { try await Checkpoint.load(from: directory("a/state")) }
    #expect(error?.code == .formatUnrecognized)
    #expect(error?.message.contains("open the checkpoint around it") ?? false)
    #expect(try await !Checkpoint.exists(at: directory("a/state")))
    #expect(try await !Checkpoint.exists(at: directory("nothing")))
  }

  /// The error names a format that needs another module.
  @Test func otherFormatsAreGivenByName() async throws {
    let path = Self.fixture("foreign/orbax-0.12/v1-named/input/ckpt")
    let error = await fault { try await Checkpoint.load(from: path) }
    #expect(error?.code == .formatUnrecognized)
  }
}
