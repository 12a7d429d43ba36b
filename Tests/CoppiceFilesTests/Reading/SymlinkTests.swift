import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Links inside a checkpoint stay inside, whatever they look like.
struct SymlinkTests {
  /// A checkpoint `c` beside something that isn't its own.
  private func make() throws -> Sample {
    let sample = try Sample()
    try sample.file("secret", "secret")
    try sample.file("outside/x", "outside")
    try sample.file("c/x", "x")
    try sample.file("c/sub/y", "y")
    try sample.file("c/sub/deep/z", "z")
    return sample
  }

  @Test(arguments: [
    ("x", "x"), ("./x", "x"), ("sub/y", "y"), ("sub/../x", "x"), ("sub/deep/../y", "y"),
    ("sub//deep/z", "z"), (".//./sub/deep/../../x", "x"),
  ])
  func followsLinksInside(_ target: String, _ text: String) throws {
    let sample = try make()
    try sample.link("c/link", to: target)
    #expect(try sample.handle("c").text("link") == text)
    #expect(try sample.handle("c").kind(of: "link") == .file)
  }

  @Test(arguments: [
    "../secret", "sub/../../secret", "sub/deep/../../../secret", "/etc/passwd", "/", "..", "../c/x",
    "../../../../../../../../etc/passwd", "//etc/passwd", "./../secret",
  ])
  func refusesLinksOutside(_ target: String) throws {
    let sample = try make()
    try sample.link("c/link", to: target)
    let directory = try sample.handle("c")
    #expect(code { _ = try directory.open("link") } == "file.symlink")
    #expect(
      code { _ = try directory.kind(of: "link") } == "file.symlink")
    #expect(
      code { _ = try directory.subdirectory("link") } == "file.symlink")
  }

  @Test func refusesALinkInTheMiddle() throws {
    let sample = try make()
    try sample.link("c/way", to: "../outside")
    let directory = try sample.handle("c")
    #expect(code { _ = try directory.open("way/x") } == "file.symlink")
  }

  @Test func theRefusalNamesTheOption() throws {
    let sample = try make()
    try sample.link("c/sub/link", to: "../../secret")
    do throws(CoppiceError) {
      _ = try sample.handle("c").open("sub/link")
      Issue.record("opened")
    } catch {
      #expect(error.message.contains("`followsSymlinks`"))
      #expect(error.location.file == "sub/link")
    }
  }

  @Test func followsLinksToDirectories() throws {
    let sample = try make()
    try sample.link("c/way", to: "sub/deep")
    let directory = try sample.handle("c")
    #expect(try directory.kind(of: "way") == .directory)
    #expect(try directory.text("way/z") == "z")
    #expect(try directory.subdirectory("way").text("z") == "z")
  }

  /// A step of a run is a checkpoint of its own.
  @Test func linksOfACheckpointBelowStayInIt() throws {
    let sample = try make()
    try sample.link("c/sub/link", to: "../x")
    try sample.link("c/sub/deep/link", to: "../y")
    try sample.link("c/sub/deep/far", to: "../../x")
    let directory = try sample.handle("c")
    #expect(try directory.subdirectory("sub").text("link") == "x")
    let step = try directory.checkpoint("sub")
    #expect(code { _ = try step.open("link") } == "file.symlink")
    #expect(try step.text("deep/link") == "y")
    let below = try step.subdirectory("deep")
    #expect(try below.text("link") == "y")
    #expect(code { _ = try below.open("far") } == "file.symlink")
  }

  @Test func followsChainsAndRefusesCircles() throws {
    let sample = try make()
    try sample.link("c/l0", to: "x")
    for index in 1...30 { try sample.link("c/l\(index)", to: "l\(index - 1)") }
    try sample.link("c/self", to: "self")
    try sample.link("c/ping", to: "sub/pong")
    try sample.link("c/sub/pong", to: "../ping")
    try sample.link("c/grow", to: "grow/grow")
    let directory = try sample.handle("c")
    #expect(try directory.text("l30") == "x")
    for name in ["self", "ping", "sub/pong", "grow"] {
      #expect(code { _ = try directory.open(name) } == "file.symlink")
    }
  }

  @Test func aLinkToNothingIsMissing() throws {
    let sample = try make()
    try sample.link("c/link", to: "nothing")
    let directory = try sample.handle("c")
    #expect(code { _ = try directory.open("link") } == "file.missing")
    #expect(try directory.kind(of: "link") == nil)
  }

  /// A slash with a combining mark is still a slash to the system.
  @Test func seesThatATargetIsAbsolute() throws {
    let sample = try make()
    try sample.file("c/\u{301}x", "other")
    try sample.link("c/link", to: "/\u{301}x")
    let directory = try sample.handle("c")
    #expect(code { _ = try directory.open("link") } == "file.symlink")
  }

  @Test func theUsersOwnPathMayBeALink() throws {
    let sample = try make()
    try sample.link("latest", to: "c")
    #expect(try sample.handle("latest").text("sub/y") == "y")
    try sample.link("model", to: "c/x")
    #expect(try InputFile(opening: sample("model")).byteCount == 1)
  }

  @Test func linksOfASubdirectoryMayLeadElsewhereInTheCheckpoint() throws {
    let sample = try make()
    try sample.link("c/sub/up", to: "../x")
    try sample.link("c/sub/deep/up", to: "../../x")
    try sample.link("c/sub/deep/out", to: "../../../secret")
    let directory = try sample.handle("c")
    #expect(try directory.text("sub/up") == "x")
    #expect(try directory.subdirectory("sub").text("up") == "x")
    #expect(try directory.subdirectory("sub").subdirectory("deep").text("up") == "x")
    #expect(try directory.subdirectory("sub/deep").text("up") == "x")
    #expect(
      code { _ = try directory.subdirectory("sub/deep").open("out") }
        == "file.symlink")
  }

  /// `..` after a link goes up from where the link led, as the system has it.
  @Test func parentsAreThoseOfTheRealDirectory() throws {
    let sample = try make()
    try sample.link("c/way", to: "sub/deep")
    try sample.link("c/link", to: "way/../y")
    #expect(try sample.handle("c").text("link") == "y")
    try sample.link("c/sub/deep/up", to: "../y")
    #expect(try sample.handle("c").subdirectory("way").text("up") == "y")
  }

  @Test func followsEverythingWhenAsked() throws {
    let sample = try make()
    try sample.link("c/link", to: "../secret")
    try sample.link("c/absolute", to: sample("secret").string)
    try sample.link("c/way", to: "../outside")
    try sample.link("c/self", to: "self")
    let directory = try sample.handle("c", symlinks: .anywhere)
    #expect(try directory.text("link") == "secret")
    #expect(try directory.text("absolute") == "secret")
    #expect(try directory.text("way/x") == "outside")
    #expect(try directory.subdirectory("way").text("x") == "outside")
    #expect(try directory.subdirectory("sub").text("y") == "y")
    #expect(code { _ = try directory.open("self") } != nil)
    #expect(
      code { _ = try directory.open("../secret") } == "file.outside")
  }
}
