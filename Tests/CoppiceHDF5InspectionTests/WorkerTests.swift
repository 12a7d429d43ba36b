import CoppiceFiles
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The worker, real and impersonated: however it ends, this process goes on.
struct WorkerTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func outcome(
    ofScript script: String, limits: WorkerLimits = WorkerLimits()
  ) throws -> CoppiceError? {
    let worker = try scratch.writeScript(script, to: "worker")
    return #expect(throws: CoppiceError.self) {
      _ = try FileOutline.read(
        scratch.file("x.h5"), mode: .worker(worker), name: "x.h5", workerLimits: limits)
    }
  }

  @Test func saysTheSameAsThisProcess() throws {
    let worker = try #require(BuiltProgram.worker)
    let path = scratch.file("rich.h5")
    try writeRichFile(path)
    let outline = try FileOutline.read(path, mode: .worker(worker))
    #expect(try outline == FileOutline.read(path, mode: .inProcess))
  }

  @Test func readsFilesWhoseNamesAreNoText() throws {
    let worker = try #require(BuiltProgram.worker)
    try writeRichFile(scratch.file("rich.h5"))
    // Latin-1 for "é.h5".
    let name: [CChar] = [CChar(bitPattern: 0xE9), 0x2E, 0x68, 0x35, 0]
    let path = scratch.path.appending(FilePath.Component(platformString: name)!)
    path.withPlatformString { _ = rename(scratch.file("rich.h5").string, $0) }
    #expect(try FileOutline.read(path, mode: .worker(worker)).entries.count > 50)
  }

  @Test func carriesErrorsOver() throws {
    let worker = try #require(BuiltProgram.worker)
    let missing = #expect(throws: CoppiceError.self) {
      _ = try FileOutline.read(scratch.file("none.h5"), mode: .worker(worker), name: "none.h5")
    }
    #expect(missing?.code == .ioHDF5Open)
    #expect(missing?.location.file == "none.h5")
    let text = try scratch.write(Array("no HDF5 at all".utf8), to: "text.h5")
    let invalid = #expect(throws: CoppiceError.self) {
      _ = try FileOutline.read(text, mode: .worker(worker))
    }
    #expect(invalid?.code == .hdf5Invalid)
    #expect(invalid?.message.contains("H5Fopen") == true)
    let path = scratch.file("rich.h5")
    try writeRichFile(path)
    var limits = OutlineLimits()
    limits.depth = 1
    let limit = #expect(throws: CoppiceError.self) {
      _ = try FileOutline.read(path, mode: .worker(worker), limits: limits)
    }
    #expect(limit?.code == .hdf5Limit)
    #expect(limit?.location.treePath == "crowd/member 0")
  }

  @Test func takesNoMoreMemoryThanItMay() throws {
    let worker = try #require(BuiltProgram.worker)
    let path = scratch.file("rich.h5")
    try writeRichFile(path)
    var limits = WorkerLimits()
    limits.memoryBytes = 1 << 20
    let error = #expect(throws: CoppiceError.self) {
      _ = try FileOutline.read(path, mode: .worker(worker), workerLimits: limits)
    }
    // Without memory, either the worker dies or libhdf5 reports an error.
    #expect([.hdf5WorkerDied, .hdf5Invalid].contains(error?.code))
  }

  @Test func doesNotBlockOnPipes() throws {
    let worker = try #require(BuiltProgram.worker)
    #expect(mkfifo(scratch.file("pipe").string, 0o600) == 0)
    let error = #expect(throws: CoppiceError.self) {
      _ = try FileOutline.read(scratch.file("pipe"), mode: .worker(worker))
    }
    #expect(error?.code == .ioHDF5Open)
  }

  @Test(arguments: [
    "kill -SEGV $$", "kill -KILL $$", "exit 3", "exit 0", "echo hello", "echo '{}'",
    "echo '{\"error\":{}}'", "echo '{\"error\":{\"code\":\"io.anything\",\"message\":\"m\"}}'",
    "echo '{\"outline\":{\"entries\":[{\"kind\":\"x\",\"path\":\"\"}],\"size\":1}}'",
    "head -c 100000 /dev/zero; kill -ABRT $$",
  ])
  func deathIsAnError(script: String) throws {
    let error = try outcome(ofScript: script)
    #expect(error?.code == .hdf5WorkerDied)
    #expect(error?.location.file == "x.h5")
    #expect(error?.message.contains("\n") == false)
  }

  @Test func deathIsExplained() throws {
    #expect(try outcome(ofScript: "kill -SEGV $$")?.message.contains("signal 11") == true)
    #expect(try outcome(ofScript: "exit 3")?.message.contains("status 3") == true)
  }

  @Test(arguments: ["sleep 60", "exec 1>&-; sleep 60", "echo a; sleep 60"])
  func waitingEnds(script: String) throws {
    var limits = WorkerLimits()
    limits.seconds = 1
    let start = ContinuousClock.now
    let error = try outcome(
      ofScript: "exec 2>&-; " + script.replacing("sleep", with: "exec sleep"), limits: limits)
    #expect(error?.code == .hdf5WorkerDied)
    #expect(error?.message.contains("more than 1 seconds") == true)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func limitsGrowWithTheFile() {
    let seconds = [0, 30_000, 10 << 20, 55 << 20, 1 << 40].map {
      WorkerLimits(fileByteCount: $0).processorSeconds
    }
    #expect(seconds == [5, 5, 15, 60, 60])
    #expect(WorkerLimits(fileByteCount: 30_000).seconds == 40)
    #expect(WorkerLimits(fileByteCount: 1 << 40) == WorkerLimits())
  }

  #if os(Linux)
    /// The program that started a worker may be killed at any time.
    @Test func theWorkerEndsWithWhoStartedIt() throws {
      let worker = try #require(BuiltProgram.worker)
      let file = Specification.package.appending("Tests/FailCases/HDF5/hang-heap.h5").string
      let limits = "1000,100,1000,1000,1000,1000,\(2 << 30),60,120,1000"
      // A shell prints its process number and becomes the worker; then its parent shell is killed.
      let (out, inner) = (scratch.file("out").string, scratch.file("inner").string)
      try scratch.write(
        Array("echo $$; exec '\(worker.string)' '\(limits)' '\(file)'\n".utf8), to: "inner")
      let outer = try scratch.write(
        Array("sh '\(inner)' > '\(out)' & sleep 1; kill -KILL $$\n".utf8), to: "outer")
      _ = system("sh '\(outer.string)'")
      let text = String(decoding: contents(of: scratch.file("out")), as: UTF8.self)
      let number = try #require(pid_t(text.split(separator: "\n").first ?? ""))
      var state = ""
      for _ in 0..<50 {
        // A zombie that init has not reaped yet has ended.
        let status = contents(of: FilePath("/proc/\(number)/stat"))
        state = String(
          decoding: status.split(separator: UInt8(ascii: ")")).last?.prefix(2) ?? [], as: UTF8.self)
        if status.isEmpty || state == " Z" { break }
        usleep(20_000)
      }
      #expect(state == "" || state == " Z")
      kill(number, SIGKILL)
    }
  #endif

  @Test func endlessAnswersEnd() throws {
    var limits = WorkerLimits()
    limits.outputBytes = 1 << 20
    let error = try outcome(ofScript: "exec cat /dev/zero", limits: limits)
    #expect(error?.code == .hdf5WorkerDied)
    #expect(error?.message.contains("1048576 bytes") == true)
  }

  @Test func aMissingWorkerIsNoFaultOfTheFile() {
    let error = #expect(throws: CoppiceError.self) {
      _ = try FileOutline.read("x.h5", mode: .worker(scratch.file("none")))
    }
    #expect(error?.code == .ioHDF5Worker)
    #expect(error?.code.isInputFault == false)
  }

  @Test func givesTheWorkerNothingOfItsOwn() throws {
    let secret = open("/dev/null", O_RDONLY)
    defer { close(secret) }
    setenv("HDF5_PLUGIN_PATH", "/somewhere", 1)
    let error = try outcome(
      ofScript: """
        test -z "$HDF5_PLUGIN_PATH" || exit 11
        read line && exit 12
        exit 10
        """)
    #expect(error?.message.contains("status 10") == true)
  }
}
