import CoppiceFiles
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Damaged files: they may crash the worker, but not this process.
struct HostileFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// One damaged copy, the same for the same number in every run.
  private func mutant(of original: [UInt8], number: Int) -> [UInt8] {
    var random = SeededGenerator(seed: UInt64(number))
    var bytes = original
    func position() -> Int { Int.random(in: 0..<bytes.count, using: &random) }
    switch number % 5 {
    case 0:
      bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
    case 1:
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[position()] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
    case 2:
      for _ in 0..<Int.random(in: 1...32, using: &random) {
        bytes[position()] = UInt8.random(in: .min ... .max, using: &random)
      }
    case 3:
      // A run of equal bytes, as of lost pages.
      let start = position()
      let end = min(bytes.count, start + Int.random(in: 1...512, using: &random))
      let value: UInt8 = Bool.random(using: &random) ? 0 : 0xFF
      for index in start..<end { bytes[index] = value }
    default:
      // Bytes of the file copied to another place, so that addresses, sizes and signatures are
      // misplaced.
      let count = Int.random(in: 4...64, using: &random)
      guard bytes.count > count else { return bytes }
      let from = Int.random(in: 0..<bytes.count - count, using: &random)
      let to = Int.random(in: 0..<bytes.count - count, using: &random)
      bytes.replaceSubrange(to..<to + count, with: Array(original[from..<from + count]))
    }
    return bytes
  }

  private enum Outcome: String { case outline, invalid, limit, died }

  private func outcomes(
    of original: [UInt8], count: Int, worker: FilePath, name: String
  ) async throws -> [Outcome: Int] {
    var limits = WorkerLimits()
    limits.processorSeconds = 3
    limits.seconds = 30
    let workerLimits = limits
    return try await withThrowingTaskGroup(of: [Outcome: Int].self) { group in
      for lane in 0..<4 {
        group.addTask {
          var outcomes: [Outcome: Int] = [:]
          for number in stride(from: lane, to: count, by: 4) {
            let path = try scratch.write(
              mutant(of: original, number: number), to: "\(name)-\(lane).h5")
            do throws(CoppiceError) {
              let outline = try FileOutline.read(
                path, mode: .worker(worker), workerLimits: workerLimits)
              #expect(!outline.entries.isEmpty)
              outcomes[.outline, default: 0] += 1
            } catch {
              switch error.code {
              case .hdf5Invalid, .hdf5NewerVersion: outcomes[.invalid, default: 0] += 1
              case .hdf5Limit: outcomes[.limit, default: 0] += 1
              case .hdf5WorkerDied:
                outcomes[.died, default: 0] += 1
                // A crash of libhdf5's own is expected; a trap in Swift code would be our mistake.
                #expect(!error.message.contains("signal 4"), "mutant \(number) of \(name)")
                #expect(!error.message.contains("signal 5"), "mutant \(number) of \(name)")
              default: throw error
              }
            }
          }
          return outcomes
        }
      }
      return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    }
  }

  @Test(.timeLimit(.minutes(5))) func damagedFilesAreErrorsOrOutlines() async throws {
    let worker = try #require(BuiltProgram.worker)
    let path = scratch.file("rich.h5")
    try writeRichFile(path)
    let outcomes = try await outcomes(
      of: contents(of: path), count: 200, worker: worker, name: "mutant")
    #expect(outcomes.values.reduce(0, +) == 200)
    // Every fifth file is truncated; most others have damage in bytes that aren't read.
    #expect(outcomes[.invalid, default: 0] >= 40)
    #expect(outcomes[.outline, default: 0] >= 20)
    if let seen = ProcessEnvironment["COPPICE_VERBOSE"] {
      print(seen, outcomes.map { "\($0.rawValue): \($1)" })
    }
  }

  /// A file over which libhdf5 1.10.8 walks for ever.
  @Test func whatNeverEndsIsEnded() throws {
    let worker = try #require(BuiltProgram.worker)
    let path = Specification.package.appending("Tests/FailCases/HDF5/hang-heap.h5")
    try #require(!contents(of: path).isEmpty)
    var limits = WorkerLimits()
    limits.processorSeconds = 1
    limits.seconds = 60
    let error = #expect(throws: CoppiceError.self) {
      _ = try FileOutline.read(path, mode: .worker(worker), workerLimits: limits)
    }
    #if os(Linux)
      #expect(error?.code == .hdf5WorkerDied)
      #expect(error?.message.contains("out of processor time") == true)
    #endif
    #expect(error?.message.contains("\n") == false)
  }

  /// An attribute's text may claim any length.
  @Test func noMemoryIsTakenForWhatATextClaims() throws {
    let worker = try #require(BuiltProgram.worker)
    let path = Specification.package.appending("Tests/Fixtures/HDF5/claimed-text.h5")
    var limits = WorkerLimits()
    limits.memoryBytes = 512 << 20
    let outline = try FileOutline.read(path, mode: .worker(worker), workerLimits: limits)
    guard case .group(let attributes)? = outline.entries.first?.content else {
      Issue.record("no root")
      return
    }
    #expect(attributes.map(\.name) == ["names", "other"].map { Array($0.utf8) })
    #expect(attributes.map(\.value.contents) == [.omitted, .strings([Array("xyz".utf8)])])
  }

  /// The files of other writers in `fixtures/foreign`.
  private static let foreign = Specification.package.appending("fixtures/foreign/hdf5")
  private static let names = ((try? DirectoryHandle(opening: foreign).allFiles()) ?? [])
    .filter { $0.hasSuffix("/input/m.h5") }.compactMap {
      $0.split(separator: "/").first.map(String.init)
    }

  @Test(arguments: names)
  func foreignFilesAreErrorsOrOutlines(name: String) throws {
    let worker = try #require(BuiltProgram.worker)
    let path = Self.foreign.pushing(FilePath(name + "/input/m.h5"))
    let refused: Set = ["damaged-header", "newer-version"]
    do throws(CoppiceError) {
      let outline = try FileOutline.read(path, mode: .worker(worker))
      #expect(!refused.contains(name))
      #expect(try FileOutline(json: outline.json()) == outline)
    } catch {
      #expect(refused.contains(name), "\(error)")
      #expect([.hdf5Invalid, .hdf5NewerVersion].contains(error.code), "\(error)")
    }
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["types", "links", "filters"])
  func damagedForeignFilesAreErrorsOrOutlines(name: String) async throws {
    let worker = try #require(BuiltProgram.worker)
    let original = contents(of: Self.foreign.pushing(FilePath(name + "/input/m.h5")))
    let outcomes = try await outcomes(of: original, count: 40, worker: worker, name: name)
    #expect(outcomes.values.reduce(0, +) == 40)
  }

  /// A compromised worker may send anything.
  @Test func damagedAnswersAreErrorsOrOutlines() throws {
    let path = scratch.file("rich.h5")
    try writeRichFile(path)
    let answer = try FileOutline.read(path, mode: .inProcess).json()
    var outlines = 0
    for number in 0..<800 {
      do throws(CoppiceError) {
        _ = try FileOutline(json: mutant(of: answer, number: number))
        outlines += 1
      } catch {
        #expect(error.code.rawValue.hasPrefix("json."), "\(error)")
      }
    }
    #expect(outlines < 800)
  }
}
