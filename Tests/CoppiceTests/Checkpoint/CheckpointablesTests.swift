import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import Testing

/// A checkpoint is a bundle of named checkpointables, each of its own kind.
struct CheckpointablesTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Counts up, three numbers at a time, and resumes where it stopped.
  final class Batches: StatefulCheckpointable {
    private let position = Mutex(0)

    func next() -> [Int] {
      position.withLock { position in
        defer { position += 3 }
        return Array(position..<(position + 3))
      }
    }

    func save() async throws -> Checkpointable {
      .json(["position": .integer(position.withLock { $0 })])
    }

    func load(from stored: Checkpointable) async throws {
      guard case .json(let json) = stored, case .number(let text)? = json["position"],
        let found = Int(text)
      else { throw CoppiceError(.usageChoice, "no position") }
      position.withLock { $0 = found }
    }
  }

  /// The source documents' iterator over 30 numbers: after three batches saved, the fourth comes.
  @Test func anIteratorResumesWhereItStopped() async throws {
    let batches = Batches()
    for first in [0, 3, 6] { #expect(batches.next() == [first, first + 1, first + 2]) }
    let state = try weights([1, 2])
    try await Checkpoint.saveCheckpointables(
      ["state": state, "dataset": batches], to: directory("a"), options: .quick())
    _ = batches.next()
    let fresh = Batches()
    let loaded = try await Checkpoint.loadCheckpointables(
      ["dataset": fresh], from: directory("a"))
    #expect(loaded.names == ["dataset"])
    #expect(fresh.next() == [9, 10, 11])
  }

  @Test func allPartsAreLoadedAsSaved() async throws {
    let tree = try weights([3, 4])
    let notes: JSON = ["index": 2]
    try await Checkpoint.saveCheckpointables(
      ["train_state": tree, "dataset": notes], to: directory("a"), options: .quick())
    let loaded = try await Checkpoint.loadCheckpointables(from: directory("a"))
    #expect(Set(loaded.names) == ["train_state", "dataset"])
    #expect(try loaded.tree("train_state").difference(from: tree) == nil)
    #expect(try loaded.value("dataset", as: JSON.self) == notes)
    // One tree, whatever its name, is meant without saying so.
    #expect(try await Checkpoint.load(from: directory("a")).difference(from: tree) == nil)
  }

  @Test func aPartIsLoadedAlone() async throws {
    let items: NamedValues<any Sendable> = [
      "train_state": try weights([3]), "dataset": ["index": 3] as JSON,
    ]
    try await Checkpoint.saveCheckpointables(items, to: directory("a"), options: .quick())
    let loaded = try await Checkpoint.loadCheckpointables(["dataset": nil], from: directory("a"))
    #expect(loaded.names == ["dataset"])
  }

  /// After a checkpointable was deleted, by hand or through the library, the others still load.
  @Test(arguments: [true, false]) func aDeletedPartIsMissedByName(_ byHand: Bool) async throws {
    let items: NamedValues<any Sendable> = [
      "train_state": try weights([3]), "dataset": ["index": 3] as JSON,
    ]
    try await Checkpoint.saveCheckpointables(items, to: directory("a"), options: .quick())
    if byHand {
      try OutputDirectory.remove(directory("a/dataset"))
    } else {
      try await Checkpoint.deleteCheckpointable("dataset", at: directory("a"))
    }
    #expect(try await Checkpoint.loadCheckpointables(from: directory("a")).names == ["train_state"])
    let error = await fault {
      try await Checkpoint.loadCheckpointables(["dataset": nil], from: directory("a"))
    }
    #expect(error?.code == .usageNoSuchCheckpointable)
    #expect(error?.message.contains("it has \"train_state\"") ?? false)
    let warnings = try await Checkpoint.metadata(at: directory("a")).warnings.map(\.code.rawValue)
    #expect(warnings == (byHand ? ["directory.missing-checkpointable"] : []))
  }

  @Test func deletingTakesFeaturesAlong() async throws {
    let items: NamedValues<any Sendable> = [
      "a": try weights([3]), "b": .composite([.init("in", .json([]))]) as Checkpointable,
    ]
    try await Checkpoint.saveCheckpointables(items, to: directory("a"), options: .quick())
    try await Checkpoint.deleteCheckpointable("b", at: directory("a"))
    let handle = try DirectoryHandle(opening: directory("a"))
    let text = String(
      decoding: try handle.allBytes(of: "coppice.json", limit: 10000), as: UTF8.self)
    #expect(text.contains("\"required_features\":[]"))
    #expect(try handle.entries().map(\.name).sorted() == ["a", "coppice.json"])
  }

  @Test func aCheckpointIsDeletedWhole() async throws {
    try await Checkpoint.save(try weights([1]), to: directory("a"), options: .quick())
    #expect(try await Checkpoint.exists(at: directory("a")))
    try await Checkpoint.delete(at: directory("a"))
    #expect(try await !Checkpoint.exists(at: directory("a")))
    #expect(try DirectoryHandle(opening: directory.path).entries().isEmpty)
    try await Checkpoint.delete(at: directory("a"), missingOK: true)
    let error = await fault { try await Checkpoint.delete(at: directory("a")) }
    #expect(error?.code.rawValue == "io.not-found")
  }

  /// Only checkpoints are deleted, never other directories.
  @Test func onlyCheckpointsAreDeleted() async throws {
    try OutputDirectory.create(directory("photos"))
    let error = await fault { try await Checkpoint.delete(at: directory("photos")) }
    #expect(error?.code.rawValue == "directory.no-root-document")
    #expect(try DirectoryHandle(opening: directory.path).entries().count == 1)
  }

  /// A type of the program's own, with its handler.
  struct Vocabulary: Equatable { var words: [String] }

  struct VocabularyHandler: CheckpointableHandler {
    var key = "words"

    func save(_ value: Vocabulary) async throws -> Checkpointable {
      .json(.object([.init(key, .array(value.words.map { .string($0) }))]))
    }

    func load(_ stored: Checkpointable, as abstract: Never?) async throws -> Vocabulary {
      guard case .json(let json) = stored, case .array(let words)? = json[key] else {
        throw BadVocabulary()
      }
      return Vocabulary(
        words: words.compactMap { if case .string(let text) = $0 { text } else { nil } })
    }
  }

  struct BadVocabulary: Error {}

  @Test func handlersAreFoundByNameThenByType() async throws {
    var handlers = HandlerRegistry()
    handlers.register(VocabularyHandler(key: "first"))
    handlers.register(VocabularyHandler(key: "last"))
    handlers.register(VocabularyHandler(key: "named"), for: "b")
    let vocabulary = Vocabulary(words: ["a", "b"])
    try await Checkpoint.saveCheckpointables(
      ["a": vocabulary, "b": vocabulary], to: directory("a"), options: .quick(),
      handlers: handlers)
    let raw = try await Checkpoint.loadCheckpointables(from: directory("a"))
    #expect(try raw.value("a", as: JSON.self) == ["last": ["a", "b"]])
    #expect(try raw.value("b", as: JSON.self) == ["named": ["a", "b"]])
    let loaded = try await Checkpoint.loadCheckpointables(
      ["a": Vocabulary.self, "b": nil], from: directory("a"), handlers: handlers)
    #expect(try loaded.value("a", as: Vocabulary.self) == vocabulary)
    #expect(try loaded.value("b", as: Vocabulary.self) == vocabulary)
  }

  @Test func aHandlerThatFailsIsNamed() async throws {
    var handlers = HandlerRegistry()
    handlers.register(VocabularyHandler(), for: "a")
    try await Checkpoint.saveCheckpointables(
      ["a": [] as JSON], to: directory("a"), options: .quick())
    let error = await fault {
      try await Checkpoint.loadCheckpointables(from: directory("a"), handlers: handlers)
    }
    #expect(error?.code == .handlerFailed)
    #expect(error?.location.treePath == "a")
    let refused = await fault {
      try await Checkpoint.saveCheckpointables(["a": 1], to: directory("b"), handlers: handlers)
    }
    #expect(refused?.code == .handlerNone)
  }

  @Test func aValueThatNothingSavesIsNamed() async throws {
    struct Opaque: Sendable {}
    let error = await fault {
      try await Checkpoint.saveCheckpointables(["a": Opaque()], to: directory("a"))
    }
    #expect(error?.code == .handlerNone)
    #expect(try DirectoryHandle(opening: directory.path).entries().isEmpty)
  }

  @Test func reservedNamesAreRefused() async throws {
    let error = await fault {
      try await Checkpoint.saveCheckpointables(["": [] as JSON], to: directory("a"))
    }
    #expect(error?.code.rawValue == "directory.reserved-name")
  }
}
