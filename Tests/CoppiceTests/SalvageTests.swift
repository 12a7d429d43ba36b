import Coppice
import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Synchronization
import SystemPackage
import Testing

/// Damage to one node doesn't hide the others, and salvage loads them on request.
struct SalvageTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func array(_ first: UInt8) throws -> NDArray {
    try NDArray(
      dtype: .uint8, shape: try #require(Shape([64])), bytes: (0..<64).map { first &+ $0 })
  }

  /// A list, a dictionary and a tuple of arrays, and a second tree beside them.
  private func save() async throws -> FilePath {
    let state: Tree<NDArray> = .dict([
      .init("layers", .list([.leaf(try array(0)), .leaf(try array(100)), .leaf(try array(50))])),
      .init("params", .dict([.init("a", .leaf(try array(1))), .init("b", .leaf(try array(200)))])),
      .init("pair", .tuple([.leaf(try array(3)), .value(.int(IntegerText(7)))])),
    ])
    let path = directory("c")
    try await Checkpoint.saveCheckpointables(
      ["state": state, "ema": Tree<NDArray>.leaf(try array(9)), "notes": JSON.string("x")], to: path
    )
    return path
  }

  /// Changes a byte of the array whose first element is given.
  private func damage(_ first: UInt8, in file: FilePath) throws {
    let input = try InputFile(opening: file)
    var bytes = try input.bytes(at: 0, count: input.byteCount)
    let sought = (0..<64).map { first &+ $0 }
    let place = try #require(
      (0...(bytes.count - 64)).first { Array(bytes[$0..<($0 + 64)]) == sought })
    bytes[place + 5] ^= 0x80
    try OutputDirectory.remove(file)
    try OutputFile.create(file, holding: bytes, durability: .buffered)
  }

  /// VAL-11.
  @Test func aDamagedTreeHidesNothingElse() async throws {
    let path = try await save()
    try OutputDirectory.remove(path.appending("state").appending("tree.json"))
    let contents = try await Checkpoint.open(path)
    guard case .named(let items) = contents.root else {
      Issue.record("no names")
      return
    }
    #expect(items.map(\.name) == ["ema", "notes", "state"])
    #expect(items.map(\.kind) == [.tree, .json, .tree])
    #expect(code { _ = try items[2].value } == "directory.file-missing")
    #expect(try await Checkpoint.load(from: path, name: "ema").leafCount == 1)
    let some = try await Checkpoint.loadCheckpointables(["notes": nil, "ema": nil], from: path)
    #expect(try some.value("notes", as: JSON.self) == .string("x"))
    let metadata = try await Checkpoint.checkpointablesMetadata(at: path)
    guard case .faulty(let fault)? = metadata.content.first(where: { $0.name == "state" })?.value
    else {
      Issue.record("the fault isn't listed")
      return
    }
    #expect(fault.code.rawValue == "directory.file-missing")
  }

  @Test func whatIsWholeIsLoadedByName() async throws {
    let path = try await save()
    let file = path.appending("state").appending("arrays.h5")
    for first: UInt8 in [100, 200, 3] { try damage(first, in: file) }
    await #expect(throws: CoppiceError.self) { try await Checkpoint.load(from: path) }
    let omitted = Mutex<[String]>([])
    var opening = OpenOptions()
    opening.salvages = true
    opening.onOmission = { omission in omitted.withLock { $0.append(omission.place) } }
    let tree = try await Checkpoint.load(from: path, name: "state", opening: opening)
    #expect(omitted.withLock { $0 } == ["state/layers/1", "state/params/b", "state/pair/0"])
    let expected: Tree<NDArray> = .dict([
      .init("layers", .list([.leaf(try array(0)), .value(.null), .leaf(try array(50))])),
      .init("params", .dict([.init("a", .leaf(try array(1)))])),
      .init("pair", .tuple([.value(.null), .value(.int(IntegerText(7)))])),
    ])
    #expect(tree == expected)
    let all = try await Checkpoint.loadCheckpointables(from: path, opening: opening)
    #expect(all.names == ["ema", "notes", "state"])
  }

  @Test func nothingWholeIsNothingLoaded() async throws {
    let path = try await save()
    try OutputDirectory.remove(path.appending("ema").appending("arrays.h5"))
    var opening = OpenOptions()
    opening.salvages = true
    let error = await #expect(throws: CoppiceError.self) {
      try await Checkpoint.load(from: path, name: "ema", opening: opening)
    }
    #expect(error?.code.rawValue == "directory.file-missing")
  }
}
