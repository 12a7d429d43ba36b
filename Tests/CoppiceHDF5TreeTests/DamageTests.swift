import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppiceHDF5Tree

/// Damaged files: an error or values, never a crash or a hang.
struct DamageTests {
  private static let fixtures = Specification.package.appending("fixtures").appending("foreign")

  private func bytes(of name: String) throws -> [UInt8] {
    try InputFile(opening: Self.fixtures.pushing(FilePath(name))).allBytes(limit: 1 << 20)
  }

  /// Reads all that a file holds; leaves with faults hide no others.
  private func readAll(_ path: FilePath, worker: FilePath) throws(CoppiceError) {
    var limits = ReadLimits.standard
    limits.chunkBytes = 1 << 24
    let contents = try open(path, worker: worker, limits: limits)
    for (_, leaf) in contents.tree.leaves {
      if let fault = leaf.fault {
        #expect(fault.error.code.rawValue.hasPrefix("hdf5."))
        #expect(!fault.error.description.contains("\n"))
      }
      guard leaf.fault == nil, leaf.byteCount < 1 << 24 else { continue }
      try leaf.source.forEachPiece(ofAtMost: 1 << 16) { _ in }
      _ = try leaf.source.load(tell: { _ in })
    }
  }

  @Test func aNameThatIsNoTextHidesNoOther() throws {
    var bytes = try bytes(of: "hdf5/types/input/m.h5")
    let name = Array("scalar\0".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
    bytes[place + 5] = 0xFF
    let directory = try TemporaryDirectory()
    try writeFile(directory("m.h5"), bytes)
    let leaves = try open(directory("m.h5"), worker: BuiltProgram.worker).tree.leaves
    let faulty = leaves.filter { $0.leaf.fault != nil }
    #expect(faulty.map(\.path.description) == ["scala\u{FFFD}"])
    #expect(faulty.first?.leaf.fault?.kind == .unsupported)
    #expect(faulty.first?.leaf.fault?.error.code == .hdf5Name)
    #expect(leaves.count > 10)
  }

  @Test func namesThatAreNoKeysGetKeysOfTheirOwn() {
    var names = LinkNames(limit: 64)
    let long = [UInt8](repeating: 0x61, count: 65)
    #expect(names.key(of: Array("g/x".utf8)) == "x")
    #expect(names.key(of: Array("g/".utf8) + [0xFF]) == nil)
    #expect(names.key(of: Array("g/\u{FFFD} (2)".utf8)) == "\u{FFFD} (2)")
    #expect(names.key(of: Array("g/".utf8) + [0xFE]) == nil)
    #expect(names.key(of: Array("g/".utf8) + [0xFD]) == nil)
    #expect(names.key(of: long) == nil)
    #expect(
      names.refused.map(\.key)
        == ["\u{FFFD}", "\u{FFFD} (3)", "\u{FFFD} (4)", .string(String(repeating: "a", count: 16))])
    let codes = names.refused.map(\.error.code.rawValue)
    #expect(codes == ["hdf5.name", "hdf5.name", "hdf5.name", "hdf5.limit"])
  }

  @Test(arguments: [
    "hdf5/filters/input/m.h5", "hdf5/filters-latest/input/m.h5", "hdf5/types/input/m.h5",
    "hdf5/strings/input/m.h5", "hdf5/links/input/m.h5", "hdf5/extended/input/m.h5",
    "keras/weights/input/m.weights.h5",
  ])
  func survivesFlippedBytes(_ name: String) throws {
    let worker = try #require(BuiltProgram.worker)
    let original = try bytes(of: name)
    let directory = try TemporaryDirectory()
    let path = directory("x.h5")
    var random = SeededGenerator(seed: UInt64(original.count))
    var outcomes: [CoppiceError.Code: Int] = [:]
    let count = Int(environment("COPPICE_FUZZ") ?? "") ?? 16
    for _ in 0..<count {
      var damaged = original
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        // The beginning, where the structure lies, more often than the rest.
        let end = Bool.random(using: &random) ? damaged.count : min(damaged.count, 4096)
        damaged[Int.random(in: 0..<end, using: &random)] = .random(in: 0...255, using: &random)
      }
      let file = try OutputFile(at: path)
      try file.write(damaged, at: 0)
      do throws(CoppiceError) {
        try readAll(path, worker: worker)
      } catch {
        outcomes[error.code, default: 0] += 1
        #expect(!error.description.contains("\n"))
        #expect(error.code.rawValue.hasPrefix("hdf5.") || error.code.rawValue.hasPrefix("keras."))
      }
      try OutputDirectory.remove(path)
    }
    if environment("COPPICE_FUZZ") != nil { print(name, outcomes) }
  }

  @Test func nameOfDeadWorkerIsOneLine() throws {
    let directory = try TemporaryDirectory()
    let worker = directory("worker")
    ShellCommand.script(
      "printf '#!/bin/sh\\nkill -SEGV $$\\n' > \(worker.string); chmod +x \(worker.string)")
    try write(.dict([]), to: directory("x.h5"))
    let error = #expect(throws: CoppiceError.self) {
      try open(directory("x.h5"), worker: worker)
    }
    #expect(error?.description.hasSuffix("[hdf5.worker-died]") == true)
    #expect(error?.description.contains("\n") == false)
  }
}
