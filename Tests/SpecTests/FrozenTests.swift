import CoppiceDigest
import CoppiceTestSupport
import SystemPackage
import Testing

/// The cases of the stable version stay as they are.
///
/// `coppice fixtures verify` compares the manifest with the files.
struct FrozenTests {
  private static func text(of file: String) throws -> String {
    try Specification.text(of: Specification.package.appending("fixtures").appending(file))
  }

  /// The README states the digest of the list, so that no tool can change both.
  @Test func theListIsTheOneThatTheReadmeStates() throws {
    let readme = try Self.text(of: "README.md")
    let stated = try #require(readme.firstMatch(of: /SHA-256\s+`([0-9a-f]{64})`/)?.1)
    #expect(SHA256.hex(try Self.text(of: "frozen.txt").utf8) == stated)
  }

  @Test func frozenCasesAreUnchanged() throws {
    var digests: [Substring: Substring] = [:]
    for line in try Self.text(of: "manifest.json").split(separator: "\n") {
      guard let entry = line.firstMatch(of: /"id": "([^"]+)".*"digest": "([0-9a-f]{64})"/) else {
        continue
      }
      digests[entry.1] = entry.2
    }
    let frozen = try Self.text(of: "frozen.txt").split(separator: "\n")
    #expect(frozen.count > 1100)
    let changed = frozen.filter { line in
      let parts = line.split(separator: " ")
      return parts.count != 2 || digests[parts[1]] != parts[0]
    }
    #expect(changed == [])
  }
}
