import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files and directories that are being written.
struct OutputTests {
  @Test func createsWhatIsNotThere() throws {
    let sample = try Sample()
    try OutputFile.create(sample("x"), holding: [1, 2, 3], durability: .durable)
    #expect(
      code { try OutputFile.create(sample("x"), holding: [], durability: .buffered) } == "io.failed"
    )
    #expect(code { try OutputDirectory.create(sample("x")) } == "io.failed")
    #expect(try InputFile(opening: sample("x")).allBytes(limit: 9) == [1, 2, 3])
  }

  @Test func neverWritesThroughALink() throws {
    let sample = try Sample()
    try sample.file("victim", "precious")
    try sample.link("x", to: "victim")
    #expect(
      code {
        try OutputFile.create(sample("x"), holding: [1], durability: .buffered)
      } != nil)
    #expect(try Sample.text(sample("victim")) == "precious")
  }

  @Test func asksForRoomBeforeItWrites() throws {
    let sample = try Sample()
    let directory = sample("x").removingLastComponent()
    try OutputDirectory.requireRoom(forBytes: 1, in: directory)
    #if os(Linux)
      let error = #expect(throws: CoppiceError.self) {
        try OutputDirectory.requireRoom(forBytes: 1 << 60, in: directory)
      }
      #expect(error?.code.rawValue == "io.no-space")
      #expect(error?.message.hasPrefix("no room for 1152921504606846976 bytes") == true)
    #endif
  }

  @Test func reservesAndWritesAnywhere() throws {
    let sample = try Sample()
    let file = try OutputFile(at: sample("x"))
    try file.reserve(byteCount: 10)
    try file.write([7, 8], at: 4)
    try file.write([], at: 100)
    try file.sync()
    #expect(
      try InputFile(opening: sample("x")).allBytes(limit: 99) == [0, 0, 0, 0, 7, 8, 0, 0, 0, 0])
  }

  @Test func makesDirectoriesAsFarAsTheyAreMissing() throws {
    let sample = try Sample()
    try sample.file("a/x")
    let path = try OutputDirectory.createAll(["a", "b", "c"], below: sample.path)
    #expect(path == sample("a/b/c"))
    #expect(try sample.names("a") == ["b", "x"])
    #expect(
      code {
        _ = try OutputDirectory.createAll(["a", "x", "y"], below: sample.path)
      } == "io.not-found")
  }

  @Test func removesEverythingAndFollowsNothing() throws {
    let sample = try Sample()
    try sample.file("kept/x", "precious")
    try sample.file("gone/a/b/c")
    try sample.link("gone/link", to: "../kept")
    try sample.link("gone/a/link", to: "../../kept/x")
    try sample.pipe("gone/pipe")
    // Names that are no text are removed like all others.
    ShellCommand.script(
      "cd \(ShellCommand.quoted(sample("gone").string)) && touch \"$(printf 'a\\377b')\"")
    try OutputDirectory.remove(sample("gone"))
    #expect(try sample.names() == ["kept"])
    #expect(try Sample.text(sample("kept/x")) == "precious")
    try OutputDirectory.remove(sample("gone"))
    try sample.link("link", to: "kept")
    try OutputDirectory.remove(sample("link"))
    #expect(try sample.names() == ["kept"])
  }

  /// Whether a small file system can be had: not in every container, even as the superuser.
  static let canMount: Bool = {
    guard geteuid() == 0, let place = try? TemporaryDirectory() else { return false }
    let name = ShellCommand.quoted(place.path.string)
    return ShellCommand.script("mount -t tmpfs tmpfs \(name) 2>&1 && umount \(name)").status == 0
  }()

  @Test(.enabled(if: canMount, "a full disk needs a file system of its own"))
  func aFullDiskHasACodeOfItsOwn() throws {
    let sample = try Sample()
    try sample.folder("small")
    let place = ShellCommand.quoted(sample("small").string)
    try #require(ShellCommand.script("mount -t tmpfs -o size=64k tmpfs \(place)").status == 0)
    defer { ShellCommand.script("umount \(place)") }
    for isReserving in [true, false] {
      let staged = try StagedOutput(
        .directory, for: sample("small").appending("result"), replacing: false)
      let file = try OutputFile(at: staged.path.appending("x"))
      #expect(
        code {
          if isReserving {
            try file.reserve(byteCount: 1 << 20)
          } else {
            try file.write([UInt8](repeating: 1, count: 1 << 20), at: 0)
          }
        } == "io.no-space")
      staged.discard()
      #expect(try sample.names("small").isEmpty)
    }
  }
}
