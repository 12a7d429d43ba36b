import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5
import CoppiceMaintenance
import CoppiceModel
import CoppiceStorage
import CoppiceTestSupport
import SystemPackage
import Testing

/// A damaged checkpoint is made whole from what is left of it, or refused; it is never changed.
struct RepairTests {
  /// The content of the checkpoint: one of the layouts of round trips.
  static let layouts = RoundTripTests.Layout.allCases

  /// A checkpoint with a tree of all kinds of leaves.
  private func make(
    _ layout: RoundTripTests.Layout, seed: UInt64 = 21
  ) throws -> (copy: ExampleCopy, tree: Tree<NDArray>) {
    var generator = TreeGenerator(seed: seed, extent: 14)
    var tree = try generator.tree()
    if case .dict(var entries) = tree {
      entries.append(.init("wide", .leaf(try generator.array(.float32, [60, 40]))))
      entries.append(.init("bits", .leaf(try generator.array(.int4, [5]))))
      tree = .dict(entries)
    }
    return (try ExampleCopy(of: tree, options: layout.options), tree)
  }

  private func repair(_ copy: ExampleCopy, dryRun: Bool = false) throws -> RepairReport {
    var options = RepairOptions()
    options.writing.durability = .buffered
    return try CheckpointRepair.run(
      try copy.handle, to: dryRun ? nil : Self.target(copy), options: options)
  }

  private static func target(_ copy: ExampleCopy) -> FilePath {
    FilePath(copy.path.string + ".repaired")
  }

  /// The result is valid to the last byte, and its tree is the one that was saved.
  private func check(_ copy: ExampleCopy, _ tree: Tree<NDArray>) throws {
    let handle = try DirectoryHandle(opening: Self.target(copy))
    #expect(try Validator.run(handle, level: .data).map(\.fault.description) == [])
    let contents = try CheckpointReader.open(handle)
    guard case .named(let items) = contents.root, case .tree(let found)? = try items.first?.value
    else {
      Issue.record("no tree")
      return
    }
    #expect(items.map(\.name) == ["state"])
    #expect(try found.loaded().difference(from: tree) == nil)
  }

  @Test(arguments: layouts)
  func lostTreeDocumentComesFromHDF5(_ layout: RoundTripTests.Layout) throws {
    let (copy, tree) = try make(layout)
    let original = try copy.bytes("state/tree.json")
    try OutputDirectory.remove(copy("state/tree.json"))
    let report = try repair(copy)
    #expect(report.isRecoverable)
    #expect(report.notes.map(\.kind) == [.rebuilt, .unproven])
    try check(copy, tree)
    // The repaired tree document equals the lost one byte for byte.
    let handle = try DirectoryHandle(opening: Self.target(copy))
    #expect(try handle.allBytes(of: "state/tree.json", limit: 1 << 24) == original)
    #expect(try copy.handle.kind(of: "state/tree.json") == nil)
  }

  /// A few bytes of HDF5 may demand any number of pieces; more than a document can hold are
  /// refused.
  @Test func morePiecesThanADocumentHoldsAreRefused() throws {
    let bytes = [UInt8](repeating: 1, count: 48 * 1000)
    let array = try NDArray(dtype: .uint8, shape: Shape([bytes.count])!, bytes: bytes)
    let copy = try ExampleCopy(of: .leaf(array), options: RoundTripTests.Layout.pieces.options)
    try OutputDirectory.remove(copy("state/tree.json"))
    var options = RepairOptions()
    options.writing.durability = .buffered
    options.limits.documentBytes = 4096
    let report = try CheckpointRepair.run(
      try copy.handle, to: Self.target(copy), options: options)
    #expect(!report.isRecoverable)
    #expect(
      report.notes.contains {
        $0.kind == .unrecoverable && $0.message.contains("[file.too-large]")
      })
  }

  @Test(arguments: layouts)
  func lostRootDocumentComesFromDirectories(_ layout: RoundTripTests.Layout) throws {
    let (copy, tree) = try make(layout)
    try OutputDirectory.remove(copy("coppice.json"))
    let report = try repair(copy)
    #expect(report.notes.contains { $0.kind == .lost && $0.place == "coppice.json" })
    #expect(!report.notes.contains { $0.kind == .unproven })
    try check(copy, tree)
  }

  @Test(arguments: layouts)
  func bothDocumentsMayBeLost(_ layout: RoundTripTests.Layout) throws {
    let (copy, tree) = try make(layout)
    try OutputDirectory.remove(copy("coppice.json"))
    try OutputDirectory.remove(copy("state/tree.json"))
    _ = try repair(copy)
    try check(copy, tree)
  }

  @Test func damagedDocumentsAreMadeAnew() throws {
    for name in ["coppice.json", "state/tree.json"] {
      let (copy, tree) = try make(.plain)
      var bytes = try copy.bytes(name)
      bytes[bytes.count / 2] ^= 1
      try copy.write(bytes, to: name)
      #expect(try repair(copy).isRecoverable, "\(name)")
      try check(copy, tree)
    }
  }

  @Test func aSingleLeafIsATree() throws {
    var generator = TreeGenerator(seed: 3)
    for layout in [RoundTripTests.Layout.plain, .packed, .multiFile] {
      let tree = Tree<NDArray>.leaf(try generator.array(.float32, [3, 4]))
      let copy = try ExampleCopy(of: tree, options: layout.options)
      try OutputDirectory.remove(copy("state/tree.json"))
      _ = try repair(copy)
      try check(copy, tree)
    }
  }

  /// The example has every kind of checkpointable, and step, metrics and custom metadata.
  @Test func kindsAreToldByFiles() throws {
    let whole = try ExampleCopy("tour")
    let before = try CheckpointReader.open(try whole.handle)
    let copy = try ExampleCopy("tour")
    try OutputDirectory.remove(copy("coppice.json"))
    let report = try repair(copy)
    #expect(report.isRecoverable)
    let handle = try DirectoryHandle(opening: Self.target(copy))
    #expect(try Validator.run(handle, level: .data).map(\.fault.description) == [])
    let after = try CheckpointReader.open(handle)
    #expect(try Self.outline(after.root) == Self.outline(before.root))
    #expect(after.step == nil && after.metrics == nil && after.custom == nil)
    // Files may be missing without a trace, so the report says that their list is unproven.
    #expect(report.notes.contains { $0.kind == .unproven && $0.message.contains("file") })
  }

  @Test func whatTheRootDocumentSaysIsKept() throws {
    let copy = try ExampleCopy("tour")
    let before = try CheckpointReader.open(try copy.handle).whole()
    try OutputDirectory.remove(copy("state/tree.json"))
    #expect(try repair(copy).isRecoverable)
    let handle = try DirectoryHandle(opening: Self.target(copy))
    let after = try CheckpointReader.open(handle)
    #expect(try Self.outline(after.root) == Self.outline(before.root))
    #expect(after.step == before.step && after.metrics == before.metrics)
    #expect(after.custom == before.custom && after.commitTime == before.commitTime)
  }

  private static func outline(_ root: CheckpointContents.Root) throws -> String {
    guard case .named(let items) = root else { return "unnamed" }
    return try outline(items)
  }

  private static func outline(_ items: [NamedCheckpointable]) throws -> String {
    try items.map { item in
      switch try item.value {
      case .tree(let tree): "\(item.name):tree(\(tree.leaves.map { $0.path.description }))"
      case .json: "\(item.name):json"
      case .files(let files): "\(item.name):files(\(files.map(\.path)))"
      case .composite(let items): "\(item.name):{\(try outline(items))}"
      }
    }.joined(separator: " ")
  }

  /// Another HDF5 tool changed an array and added an attribute.
  @Test func indexFollowsChangedHDF5() throws {
    var generator = TreeGenerator(seed: 5)
    let tree = Tree<NDArray>.dict([
      .init("a", .leaf(try generator.array(.float32, [4]))),
      .init("b", .leaf(try generator.array(.int16, [6]))),
    ])
    let copy = try ExampleCopy(of: tree, options: RoundTripTests.Layout.plain.options)
    let document = try TreeDocument(parsing: try copy.bytes("state/tree.json"), file: "")
    var bytes = try copy.bytes("state/arrays.h5")
    bytes[document.index.blocks.offset[1]] ^= 0xFF
    // The file as a whole is longer now: HDF5 takes what follows its end for free space.
    bytes += [0, 0, 0, 0, 0, 0, 0, 0]
    try copy.write(bytes, to: "state/arrays.h5")
    let report = try repair(copy)
    #expect(report.isRecoverable)
    let unproven = report.notes.first { $0.kind == .unproven }
    #expect(unproven?.message.contains("1 of 2 arrays") == true)
    #expect(unproven?.message.hasSuffix(": b") == true)
    let handle = try DirectoryHandle(opening: Self.target(copy))
    #expect(try Validator.run(handle, level: .data).map(\.fault.description) == [])
  }

  @Test func damagedDataAreRefused() throws {
    let (copy, _) = try make(.plain)
    let document = try TreeDocument(parsing: try copy.bytes("state/tree.json"), file: "")
    let row = try #require(document.index.blocks.size.firstIndex { $0 > 0 })
    var bytes = try copy.bytes("state/arrays.h5")
    bytes[document.index.blocks.offset[row]] ^= 1
    try copy.write(bytes, to: "state/arrays.h5")
    let report = try repair(copy)
    #expect(!report.isRecoverable)
    #expect(report.notes.map(\.kind) == [.unrecoverable])
    #expect(report.notes.first?.message.contains("lost: ") == true)
    #expect(try isAbsent(copy))
  }

  /// HDF5's own structures are destroyed.
  @Test(arguments: ["state/arrays.h5"])
  func damagedHDF5IsRefused(_ name: String) throws {
    let (copy, _) = try make(.plain)
    try OutputDirectory.remove(copy("state/tree.json"))
    let size = try copy.bytes(name).count
    for bytes in [[], Array(repeating: UInt8(0x5A), count: size), Array("\u{89}HDF".utf8)] {
      try copy.write(bytes, to: name)
      let report = try repair(copy)
      #expect(!report.isRecoverable)
      #expect(try isAbsent(copy))
    }
    try OutputDirectory.remove(copy(name))
    #expect(try !repair(copy).isRecoverable)
  }

  /// The index still leads to the arrays, and its digests prove them.
  @Test func damagedStructuresOfWholeArraysAreSaid() throws {
    let (copy, _) = try make(.plain)
    var bytes = try copy.bytes("state/arrays.h5")
    // The superblock's own checksum finds it: HDF5 can't open the file.
    bytes[20] ^= 0xFF
    try copy.write(bytes, to: "state/arrays.h5")
    let report = try repair(copy)
    #expect(!report.isRecoverable)
    #expect(report.notes.first?.message.hasPrefix("all arrays are whole") == true)
    #expect(try isAbsent(copy))
  }

  /// Each missing file is named, and the leaves that lay in it.
  @Test(arguments: [true, false])
  func missingDataFilesAreRefused(_ hasTreeDocument: Bool) throws {
    var generator = TreeGenerator(seed: 6)
    let tree = Tree<NDArray>.dict([
      .init("a", .leaf(try generator.array(.float32, [400]))),
      .init("b", .leaf(try generator.array(.float32, [300]))),
      .init("c", .leaf(try generator.array(.float32, [200]))),
    ])
    let copy = try ExampleCopy(of: tree, options: RoundTripTests.Layout.multiFile.options)
    if !hasTreeDocument { try OutputDirectory.remove(copy("state/tree.json")) }
    try OutputDirectory.remove(copy("state/arrays.2.h5"))
    let report = try repair(copy)
    let note = try #require(report.notes.first { $0.kind == .unrecoverable })
    #expect("\(note.place) \(note.message)".contains("arrays.2.h5"))
    #expect(note.message.contains("lost: b"))
    #expect(note.message.contains("`Checkpoint.convert`") == hasTreeDocument)
    #expect(try isAbsent(copy))
  }

  @Test func lostValuesAndFilesAreRefused() throws {
    let copy = try ExampleCopy("tour")
    try copy.write(Array("{}\n".utf8), to: "config/data.json")
    let report = try repair(copy)
    #expect(!report.isRecoverable)
    #expect(report.notes.first?.place == "config/data.json")
    #expect(try isAbsent(copy))
  }

  @Test func validCheckpointsAreLeftAlone() throws {
    let copy = try ExampleCopy("tour")
    #expect(code { _ = try repair(copy) } == "repair.nothing-to-do")
    #expect(try isAbsent(copy))
  }

  @Test func futureCheckpointsAreNotDamaged() throws {
    let copy = try ExampleCopy("tour")
    try copy.change("coppice.json", #""version":"1.0""#, #""version":"2.0""#)
    #expect(code { _ = try repair(copy) } == "versioning.future-major")
  }

  @Test func whatIsNoCheckpointIsRefused() throws {
    let directory = try TemporaryDirectory()
    try OutputDirectory.create(directory("empty"))
    let handle = try DirectoryHandle(opening: directory("empty"))
    #expect(
      code { _ = try CheckpointRepair.run(handle, to: directory("x")) }
        == "repair.not-recoverable")
  }

  @Test func dryRunWritesNothing() throws {
    let (copy, _) = try make(.compressed)
    try OutputDirectory.remove(copy("state/tree.json"))
    #expect(try repair(copy, dryRun: true).isRecoverable)
    #expect(try isAbsent(copy))
  }

  @Test func existingTargetsStay() throws {
    let (copy, _) = try make(.plain)
    try OutputDirectory.remove(copy("state/tree.json"))
    try OutputDirectory.create(Self.target(copy))
    #expect(code { _ = try repair(copy) } == "operation.exists")
  }

  /// Nothing lies at the target, and nothing temporary beside it.
  private func isAbsent(_ copy: ExampleCopy) throws -> Bool {
    let name = try #require(copy.path.lastComponent?.string)
    let parent = try DirectoryHandle(opening: copy.path.removingLastComponent())
    return try parent.entries().map(\.name) == [name]
  }
}
