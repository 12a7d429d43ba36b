import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import Testing

/// Hugging Face's cache: `snapshots/<revision>/<file>` links to `../../blobs/<hash>`, and only that.
struct CacheLinkTests {
  private static let hash = "0123456789abcdef0123456789abcdef01234567"

  private func make() throws -> Sample {
    let sample = try Sample()
    try sample.file("models--a/blobs/" + Self.hash, "weights")
    try sample.file("models--a/blobs/notes.txt", "notes")
    try sample.file("models--a/refs/main", "rev")
    try sample.file("secret", "secret")
    try sample.folder("models--a/snapshots/rev")
    return sample
  }

  @Test func followsTheCachesLinks() throws {
    let sample = try make()
    try sample.link("models--a/snapshots/rev/model", to: "../../blobs/" + Self.hash)
    try sample.link("models--a/snapshots/rev/sub/model", to: "../../../blobs/" + Self.hash)
    try sample.link("models--a/snapshots/rev/sub/deep/model", to: "../../../../blobs/" + Self.hash)
    let directory = try sample.handle("models--a/snapshots/rev")
    #expect(try directory.text("model") == "weights")
    #expect(try directory.text("sub/model") == "weights")
    #expect(try directory.subdirectory("sub").text("model") == "weights")
    #expect(try directory.subdirectory("sub").subdirectory("deep").text("model") == "weights")
    #expect(try directory.entries().map(\.kind) == [.file, .directory])
  }

  @Test(arguments: [
    // Not a hash, not in blobs, not at the right height, or more than one step below.
    "../../blobs/notes.txt", "../../refs/main", "../blobs/" + hash, "../../../blobs/" + hash,
    "../../blobs", "../../blobs/", "../../blobs/" + hash + "/", "../../blobs/../../secret",
    "../.././blobs/" + hash, "../../blobs/./" + hash, "../../blobs/ABCDEF",
    "x/../../../blobs/" + hash,
    "/../../blobs/" + hash,
  ])
  func refusesNearMisses(_ target: String) throws {
    let sample = try make()
    try sample.folder("models--a/snapshots/rev/x")
    try sample.link("models--a/snapshots/rev/model", to: target)
    let directory = try sample.handle("models--a/snapshots/rev")
    #expect(code { _ = try directory.open("model") } == "file.symlink")
  }

  @Test func refusesOutsideOfSnapshots() throws {
    let sample = try make()
    try sample.link("models--a/other/rev/model", to: "../../blobs/" + Self.hash)
    let directory = try sample.handle("models--a/other/rev")
    #expect(code { _ = try directory.open("model") } == "file.symlink")
  }

  /// The blob must be a file itself: a link in its place leads anywhere.
  @Test func refusesABlobThatIsALink() throws {
    let sample = try make()
    try sample.link("models--a/blobs/abcdef", to: "../../secret")
    try sample.link("models--a/snapshots/rev/model", to: "../../blobs/abcdef")
    let directory = try sample.handle("models--a/snapshots/rev")
    #expect(code { _ = try directory.open("model") } == "file.symlink")
  }

  @Test func refusesABlobThatIsADirectory() throws {
    let sample = try make()
    try sample.file("models--a/blobs/abcdef/x", "x")
    try sample.link("models--a/snapshots/rev/model", to: "../../blobs/abcdef")
    let directory = try sample.handle("models--a/snapshots/rev")
    #expect(code { _ = try directory.open("model/x") } == "file.symlink")
    #expect(code { _ = try directory.open("model") } != nil)
  }
}
