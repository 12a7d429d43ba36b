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

/// Leftovers of crashed saves are deleted; files of running saves and of other programs are not.
struct LeftoverTests {
  /// Makes a leftover of `result`: a directory with its lock, or a file.
  private func leave(_ kind: StagedOutput.Kind, _ name: String, in sample: Sample) throws {
    switch kind {
    case .file: try sample.file(name, "half")
    case .directory:
      try sample.file(name + "/state/arrays.h5", "half")
    }
  }

  @Test(arguments: StagingTests.kinds, StagingTests.kinds)
  func removesThoseOfDeadSavers(_ kind: StagedOutput.Kind, _ dead: StagedOutput.Kind) throws {
    let sample = try Sample()
    try leave(dead, ".result.coppice-tmp-1", in: sample)
    try leave(dead, ".result.coppice-tmp-0123456789abcdef", in: sample)
    try StagingTests.save(kind, to: sample("result"), "new")
    #expect(try sample.names() == ["result"])
  }

  @Test(arguments: [
    // Other targets, other programs, the user's files, and names that DIR-20 doesn't define.
    ".other.coppice-tmp-1", ".resultx.coppice-tmp-1", ".result.coppice-tmp-",
    "result.coppice-tmp-1",
    ".result.coppice-tmp-1.coppice-tmp-2", ".result.coppice-tmp-notes", ".result.coppice-tmp-1G",
    ".result.coppice-tmp-AB", ".result.tmp-1", ".result", ".RESULT.coppice-tmp-1",
    ".result.coppice-old-", ".result.coppice-old-x", ".result.coppice-new-1",
    ".result.coppice-tmp-1.replaced",
  ])
  func keepsWhatBelongsToOthers(_ name: String) throws {
    for kind in StagingTests.kinds {
      let sample = try Sample()
      try leave(kind, name, in: sample)
      try StagingTests.save(.directory, to: sample("result"), "new")
      #expect(try sample.names() == [name, "result"].sorted())
    }
  }

  /// Two spellings of one character are two targets.
  @Test func keepsThoseOfAnotherSpelling() throws {
    let sample = try Sample()
    try leave(.file, ".e\u{301}.coppice-tmp-1", in: sample)
    try StagingTests.save(.file, to: sample("\u{E9}"), "new")
    #expect(try sample.names().count == 2)
  }

  @Test func followsNoLinks() throws {
    let sample = try Sample()
    try sample.file("elsewhere/x", "precious")
    try sample.link(".result.coppice-tmp-1", to: "elsewhere")
    try sample.link(".result.coppice-tmp-2", to: "elsewhere/x")
    try sample.link(".result.coppice-tmp-3/elsewhere", to: "../elsewhere")
    try StagingTests.save(.directory, to: sample("result"), "new")
    #expect(
      try sample.names()
        == [".result.coppice-tmp-1", ".result.coppice-tmp-2", "elsewhere", "result"])
    #expect(try Sample.text(sample("elsewhere").appending("x")) == "precious")
  }

  @Test(arguments: StagingTests.kinds)
  func keepsThoseOfThisProcess(_ kind: StagedOutput.Kind) throws {
    let sample = try Sample()
    let first = try StagedOutput(kind, for: sample("result"), replacing: false)
    try StagingTests.fill(first, kind, "first")
    let second = try StagedOutput(kind, for: sample("result"), replacing: true)
    try StagingTests.fill(second, kind, "second")
    #expect(try sample.names().count == 2)
    try second.commit(durability: .buffered)
    #expect(
      code { try first.commit(durability: .buffered) } == "operation.exists")
    #expect(try StagingTests.text(sample("result"), kind) == "second")
    #expect(try sample.names() == ["result"])
  }

  @Test(
    .enabled(if: ShellCommand.has("python3"), "python3 holds the lock"), .timeLimit(.minutes(5)),
    arguments: StagingTests.kinds)
  func keepsThoseOfALivingProcess(_ kind: StagedOutput.Kind) throws {
    let sample = try Sample()
    let name = ".result.coppice-tmp-abc"
    try leave(kind, name, in: sample)
    let holder = try LockHolder(sample(name).string)
    try StagingTests.save(.directory, to: sample("result"), "new")
    #expect(try sample.names() == [name, "result"])
    holder.end()
    // The saver died: the next save cleans up.
    try StagingTests.save(.directory, to: sample("result"), "newer", replacing: true)
    #expect(try sample.names() == ["result"])
  }
}

/// A process that holds a lock until it is killed.
private final class LockHolder {
  private var child: pid_t = 0

  init(_ path: String) throws {
    var pipe: [Int32] = [0, 0]
    try Sample.check(pipeOf(&pipe))
    let script = """
      import fcntl, os, sys, time
      f = os.open(sys.argv[1], os.O_RDONLY)
      fcntl.flock(f, fcntl.LOCK_EX)
      os.write(\(pipe[1]), b"!")
      time.sleep(60)
      """
    let words = ["python3", "-c", script, path]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    let status = posix_spawnp(&child, "python3", nil, nil, &arguments, environ)
    close(pipe[1])
    defer { close(pipe[0]) }
    guard status == 0 else { throw Errno(rawValue: status) }
    var byte: UInt8 = 0
    guard read(pipe[0], &byte, 1) == 1 else { throw Errno.ioError }
  }

  private func pipeOf(_ ends: inout [Int32]) -> Int32 { pipe(&ends) }

  func end() {
    guard child > 0 else { return }
    kill(child, SIGKILL)
    var status: Int32 = 0
    waitpid(child, &status, 0)
    child = 0
  }

  deinit { end() }
}
