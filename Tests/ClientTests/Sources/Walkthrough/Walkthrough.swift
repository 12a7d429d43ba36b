import Coppice
import CoppiceInterop

/// The state of a small training run, as a program would write it.
struct TrainState: Codable, Sendable, Equatable {
  var step: Int
  var params: [String: NDArray]
  var momentum: [String: NDArray]
  var schedule: [Float]
  var note: String?
}

/// Walks through the library as the README does, and stops at the first thing that isn't as said.
///
///     Walkthrough ORBAX-CHECKPOINT DIRECTORY
@main
enum Walkthrough {
  struct Surprise: Error { var what: String }

  static func main() async throws {
    let words = CommandLine.arguments
    guard words.count == 3 else { throw Surprise(what: "usage: Walkthrough ORBAX DIRECTORY") }
    let place = FilePath(words[2])
    try await typedState(FilePath(place.string + "/state"))
    try await partOfTree(FilePath(place.string + "/state"))
    try await bundle(FilePath(place.string + "/bundle"))
    try await training(FilePath(place.string + "/run"))
    try await otherFormats(FilePath(words[1]), FilePath(place.string + "/converted"))
    print("walkthrough: everything is as said")
  }

  static func expect(_ condition: Bool, _ what: String) throws {
    guard condition else { throw Surprise(what: what) }
  }

  /// A `Codable` value goes out and comes back.
  static func typedState(_ path: FilePath) async throws {
    let weights = try NDArray([[1, 2, 3], [4, 5, 6]] as [[Float]])
    let state = TrainState(
      step: 12, params: ["w": weights], momentum: ["w": weights], schedule: [0.5, 0.25],
      note: nil)
    try await Checkpoint.save(state, to: path)
    let loaded = try await Checkpoint.load(TrainState.self, from: path)
    try expect(loaded == state, "a typed state is loaded as it was saved")
  }

  /// Only the parameters, in another type.
  static func partOfTree(_ path: FilePath) async throws {
    let half = AbstractLeaf.array(dtype: .float16)
    let wanted: Tree<AbstractLeaf> = .dict([.init("params", .dict([.init("w", .leaf(half))]))])
    var options = TreeLoadOptions()
    options.unexpected = .ignore
    let tree = try await Checkpoint.load(from: path, as: wanted, options: options)
    try expect(tree.leafCount == 1, "only what is asked for is loaded")
    try expect(tree.leaves.first?.leaf.dtype == .float16, "in the type that is asked for")
    let report = try await Checkpoint.compare(path, with: wanted)
    try expect(report.unexpected.count == 3, "the rest is reported: \(report.unexpected)")
  }

  /// Several parts of different kinds.
  static func bundle(_ path: FilePath) async throws {
    let notes: JSON = ["purpose": "a walk", "parts": 2]
    let tree: Tree<NDArray> = .dict([.init("bias", .leaf(try NDArray([0, 1] as [Float])))])
    try await Checkpoint.saveCheckpointables(["model": tree, "notes": notes], to: path)
    let loaded = try await Checkpoint.loadCheckpointables(from: path)
    try expect(try loaded.value("notes", as: JSON.self) == notes, "documents are kept")
    try expect(try loaded.tree("model").leafCount == 1, "and trees beside them")
    try await Checkpoint.deleteCheckpointable("notes", at: path)
    let names = try await Checkpoint.loadCheckpointables(from: path).names
    try expect(names == ["model"], "a part can go: \(names)")
  }

  /// A loop that keeps two steps.
  static func training(_ root: FilePath) async throws {
    let options = CheckpointerOptions(preservation: .latest(2))
    let checkpointer = try Checkpointer(root, options: options)
    for step in 0..<4 {
      let tree: Tree<NDArray> = .dict([.init("step", .value(.int(IntegerText(step))))])
      try await checkpointer.saveAsync(
        step: step, tree, metrics: ["loss": .float(1 / Double(step + 1))]
      ).get()
    }
    try await checkpointer.close()
    let steps = checkpointer.checkpoints.map(\.step)
    try expect(steps == [2, 3], "the newest two are kept: \(steps)")
  }

  /// A checkpoint of another library opens the same way, and can be stored in this format.
  static func otherFormats(_ orbax: FilePath, _ target: FilePath) async throws {
    let opening = OpenOptions(formats: .all)
    let metadata = try await Checkpoint.metadata(at: orbax, opening: opening)
    let tree = try await Checkpoint.load(from: orbax, opening: opening)
    try expect(metadata.content.leafCount == tree.leafCount, "listing and loading agree")
    try await Checkpoint.save(tree, to: target)
    let again = try await Checkpoint.load(from: target)
    try expect(again == tree, "and what was loaded is stored whole")
  }
}
