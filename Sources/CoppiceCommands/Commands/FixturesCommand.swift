import ArgumentParser
import Coppice
import CoppiceConformance
import SystemPackage

/// `coppice fixtures`: writes and checks the suite's own cases.
struct FixturesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fixtures",
    abstract: "Write and check the cases of the conformance suite.",
    subcommands: [Make.self, Verify.self, Manifest.self])

  /// The command that writes the checkpoints of this library's writer, and the manifest.
  struct Make: CoppiceCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the suite's checkpoints that this program makes, and the manifest.",
      discussion: """
        Afterwards run fixtures/make/expected_writer.py, which computes the expected contents, \
        then `coppice fixtures manifest`.
        """)

    @OptionGroup var suite: FixturesOption

    func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
      let made = try SuiteUpkeep.writeCases(in: FilePath(suite.fixtures))
      try Terminal.print("\(made.count) checkpoints written\n")
    }
  }

  /// The command that checks the manifest and this writer's checkpoints.
  struct Verify: CoppiceCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check the manifest, and compare this program's checkpoints with new ones.",
      discussion: """
        Compares files byte for byte under the recorded versions of the libraries; under others, \
        compares contents and uncompressed blocks.
        """)

    @OptionGroup var suite: FixturesOption

    func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
      let (count, differences) = try SuiteUpkeep.verify(FilePath(suite.fixtures))
      for line in differences { try Terminal.print(line.printable + "\n") }
      try Terminal.print("\(count) cases, \(differences.count) differences\n")
      if !differences.isEmpty { throw ExitStatus.no }
    }
  }

  /// The command that writes the manifest of the current cases.
  struct Manifest: CoppiceCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the manifest: all cases with their digests.")

    @OptionGroup var suite: FixturesOption

    func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
      let count = try SuiteUpkeep.writeManifest(in: FilePath(suite.fixtures))
      try Terminal.print("\(count) cases listed\n")
    }
  }
}
