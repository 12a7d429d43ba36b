import Coppice
import CoppiceFiles
import CoppiceFormat
import CoppiceMaintenance
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Limits of annex C whose violation would be too large for a case.
struct LimitTests {
  /// A sparse root document that is one byte too long.
  @Test func documentsHaveTheirLimit() throws {
    let directory = try TemporaryDirectory()
    let file = try FileDescriptor.open(
      directory("coppice.json"), .writeOnly, options: [.create, .exclusiveCreate],
      permissions: .ownerReadWrite)
    try file.resize(to: (1 << 30) + 1)
    try file.close()
    let handle = try DirectoryHandle(opening: directory.path)
    #expect(code { _ = try CheckpointReader.open(handle) } == "file.too-large")
    #expect(
      try Validator.run(handle, level: .document).map(\.fault.code.rawValue) == ["file.too-large"])
  }

  @Test func textsHaveTheirLimit() throws {
    let limit = 1 << 26
    #expect(Self.refusal(textBytes: limit) == nil)
    #expect(Self.refusal(textBytes: limit + 1) == "model.text-too-large")
  }

  /// A tree of two text arrays with `textBytes` bytes together.
  private static func refusal(textBytes: Int) -> String? {
    var bytes: [UInt8] = Array(
      #"{"files":[{"blocks":{"digest":[],"offset":[],"size":[]},"#.utf8)
    bytes += Array(
      #""size":0,"structure_digest":"0000000000000000"}],"format":"coppice.tree","leaves":[],"#.utf8
    )
    bytes += Array(#""tree":{"list":[{"strings":{"elements":["a"],"shape":[1]}},"#.utf8)
    bytes += Array(#"{"strings":{"elements":[""#.utf8)
    bytes += Array(repeating: 0x61, count: textBytes - 1)
    bytes += Array("\"],\"shape\":[1]}}]},\"version\":\"1.0\"}\n".utf8)
    return code { _ = try TreeDocument(parsing: bytes, file: "tree.json") }
  }

  @Test func leavesHaveTheirLimit() throws {
    #expect(ReadLimits.standard.leaves == 1 << 22)
    let bytes = try Specification.bytes(ofExample: "tree/tour.json")
    var limits = ReadLimits.standard
    limits.leaves = 9
    _ = try TreeDocument(parsing: bytes, file: "tree.json", limits: limits)
    limits.leaves = 8
    let found = code { _ = try TreeDocument(parsing: bytes, file: "tree.json", limits: limits) }
    #expect(found == "model.too-many-leaves")
  }
}
