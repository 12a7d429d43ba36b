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

/// Paths that aren't regular files, and reads past the end of a file.
struct InputFileTests {
  @Test(.timeLimit(.minutes(5))) func refusesWhatIsNoRegularFile() throws {
    let sample = try Sample()
    try sample.pipe("pipe")
    try sample.socket("socket")
    try sample.folder("folder")
    try sample.link("null", to: "/dev/null")
    for symlinks in [SymlinkPolicy.inside, .anywhere] {
      let directory = try sample.handle(symlinks: symlinks)
      for name in ["pipe", "socket", "folder"] {
        #expect(
          code { _ = try directory.open(name) } == "file.kind", "\(name)"
        )
        #expect(try directory.kind(of: name) == (name == "folder" ? .directory : .other))
        #expect(try !directory.hasFile(name))
      }
      for name in ["pipe", "socket", "pipe/x"] {
        #expect(
          code { _ = try directory.subdirectory(name) } == "file.kind",
          "\(name)")
      }
    }
    let anywhere = try sample.handle(symlinks: .anywhere)
    #expect(code { _ = try anywhere.open("null") } == "file.kind")
    for path in [sample("pipe"), sample("socket"), sample("folder"), "/dev/null"] {
      #expect(
        code { _ = try InputFile(opening: path) } == "file.kind",
        "\(path)")
    }
  }

  @Test func readsWhatIsThereAndNothingMore() throws {
    let sample = try Sample()
    let file = try InputFile(opening: sample.file("digits", "0123456789"))
    #expect(file.byteCount == 10)
    #expect(try file.bytes(at: 0, count: 10) == Array("0123456789".utf8))
    #expect(try file.bytes(at: 7, count: 3) == Array("789".utf8))
    #expect(try file.bytes(at: 10, count: 0) == [])
    for (offset, count) in [
      (8, 3), (10, 1), (0, 11), (-1, 1), (0, -1), (Int.max, 1), (Int.max, 10), (Int.min, 1),
      (11, 0),
    ] {
      #expect(
        code { _ = try file.bytes(at: offset, count: count) }
          == "io.short-read", "\(offset), \(count)")
    }
  }

  @Test func seesThatAFileBecameShorter() throws {
    let sample = try Sample()
    let path = try sample.file("x", "0123456789")
    let file = try InputFile(opening: path)
    try Sample.check(truncate(path.string, 4))
    #expect(try file.bytes(at: 0, count: 4) == Array("0123".utf8))
    do throws(CoppiceError) {
      _ = try file.bytes(at: 2, count: 6)
      Issue.record("read")
    } catch {
      #expect(error.code.rawValue == "io.short-read")
      #expect(error.location.offset == 4)
    }
  }

  @Test func refusesFilesAboveTheLimit() throws {
    let sample = try Sample()
    let file = try InputFile(opening: sample.file("x", "0123"))
    #expect(try file.allBytes(limit: 4).count == 4)
    #expect(
      code { _ = try file.allBytes(limit: 3) } == "file.too-large")
  }

  @Test(.disabled(if: geteuid() == 0, "the superuser may read everything"))
  func saysThatReadingIsForbidden() throws {
    let sample = try Sample()
    let path = try sample.file("x", "0123")
    try Sample.check(chmod(path.string, 0))
    #expect(
      code { _ = try InputFile(opening: path) } == "io.permission")
    #expect(
      code { _ = try sample.handle().open("x") } == "io.permission")
  }

  @Test func slicesStayInTheirRange() throws {
    let bytes = MemoryBytes(Array("0123456789".utf8))
    let slice = try #require(ByteSlice(of: bytes, at: 2, count: 5))
    func read(_ source: some ByteSource, at offset: Int, _ count: Int) throws(CoppiceError)
      -> String
    {
      var target = [UInt8](repeating: 0, count: count)
      var span = target.mutableSpan
      var raw = span.mutableBytes
      try source.read(at: offset, into: &raw)
      return String(decoding: target, as: UTF8.self)
    }
    #expect(try read(slice, at: 0, 5) == "23456")
    #expect(try read(slice, at: 4, 1) == "6")
    #expect(try read(slice, at: 5, 0) == "")
    for (offset, count) in [(5, 1), (0, 6), (-1, 1), (6, 0)] {
      #expect(
        code { _ = try read(slice, at: offset, count) }
          == "io.short-read")
    }
    for (start, count) in [(-1, 1), (0, 11), (11, 0), (10, 1), (1, Int.max), (0, -1)] {
      #expect(ByteSlice(of: bytes, at: start, count: count) == nil, "\(start), \(count)")
    }
  }
}
