import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The Python that `make venv` installs, with NumPy.
private let python = Specification.package.appending(".venv/bin/python").string

/// Statistics of checkpoints on disk.
struct CheckpointStatisticsTests {
  private static func fixture(_ name: String) -> String {
    Specification.package.appending("fixtures/\(name)").string
  }

  /// NumPy's values of a file that NumPy wrote.
  @Test(.enabled(if: ShellCommand.has(python)))
  func filesHaveNumPysValues() async throws {
    let path = Self.fixture("foreign/numpy/npz-plain/input/m.npz")
    let script = """
      import numpy, sys
      for name, a in numpy.load(sys.argv[1]).items():
        if a.dtype.kind not in "biuf": continue
        a = a.astype(float); f = a[numpy.isfinite(a)]
        if f.size: print(name, f.min(), f.max(), f.mean(), f.std(), numpy.linalg.norm(f.ravel()), (f == 0).sum(),
          numpy.isnan(a).sum(), numpy.isinf(a).sum(), sep="\\t")
      """
    let result = ShellCommand.script(
      "\(ShellCommand.quoted(python)) -c \(ShellCommand.quoted(script)) \(ShellCommand.quoted(path))"
    )
    let statistics = try await Checkpoint.statistics(of: path)
    let lines = result.output.split(separator: "\n")
    #expect(lines.count > 2)
    for line in lines {
      let parts = line.split(separator: "\t")
      let entry = try #require(
        statistics.entries.first { $0.path == parts[0].replacing("/", with: "%2F") })
      let found = try #require(entry.statistics)
      let numbers = [
        found.minimum, found.maximum, found.mean, found.standardDeviation, found.norm,
        Double(found.zeroCount), Double(found.nanCount),
        Double(found.infinityCount + found.minusInfinityCount),
      ]
      for (number, text) in zip(numbers, parts.dropFirst()) {
        let truth = try #require(Double(text))
        #expect((number ?? .nan) - truth <= 1e-15 * truth.magnitude, "\(line)")
        #expect(truth - (number ?? .nan) <= 1e-15 * truth.magnitude, "\(line)")
      }
    }
  }

  @Test func branchesAreSums() async throws {
    let path = Self.fixture("foreign/orbax-0.12/v1-trainstate/input/ckpt")
    let all = try await Checkpoint.statistics(of: path)
    let total = all.total
    #expect(total.arrayCount == all.entries.count && total.faultCount == 0)
    #expect(total.statistics.count == all.entries.reduce(0) { $0 + ($1.statistics?.count ?? 0) })
    let branches = all.branches(depth: 2)
    #expect(branches.reduce(0) { $0 + $1.arrayCount } == total.arrayCount)
    #expect(Set(branches.map(\.path)).count == branches.count)
    #expect(branches.allSatisfy { $0.components.count <= 2 })
    #expect(all.branches(depth: 0).count == 1)
  }

  @Test func damagedArraysAreFaultsInTheirPlaces() async throws {
    let path = Self.fixture("1.0/invalid/arrays/digest-contiguous/checkpoint")
    let all = try await Checkpoint.statistics(of: path)
    let faults = all.entries.compactMap(\.fault)
    #expect(faults.map(\.error.code) == [.arraysDigestMismatch])
    #expect(faults.map(\.kind) == [.damaged])
    #expect(all.total.faultCount == 1)
  }

  @Test func runsNeedAStep() async throws {
    let path = Self.fixture("1.0/valid/writer/steps/checkpoint")
    await #expect(throws: CoppiceError.self) { try await Checkpoint.statistics(of: path) }
    #expect(try await !Checkpoint.statistics(of: path, step: .latest).entries.isEmpty)
  }
}
