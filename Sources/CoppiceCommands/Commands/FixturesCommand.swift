import ArgumentParser
import CoppiceConformance
import CoppiceFiles
import CoppiceModel
import SystemPackage

/// `coppice fixtures`: writes and checks the suite's own cases.
struct FixturesCommand: ParsableCommand {
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

    func execute(_ monitor: OperationMonitor) throws(CoppiceError) {
      let directory = FilePath(suite.fixtures)
      let made = try WriterFixtures(in: directory).make()
      try Terminal.print("\(made.count) checkpoints written\n")
      try Manifest.write(in: directory)
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

    func execute(_ monitor: OperationMonitor) throws(CoppiceError) {
      let directory = FilePath(suite.fixtures)
      let found = try FixtureManifest(of: try FixtureCatalog(at: directory))
      let manifest = try FixtureManifest(at: directory.appending(FixtureManifest.fileName))
      var differences = manifest.differences(from: found)
      differences += try WriterFixtures(in: directory).verify()
      for line in differences { try Terminal.print(line.printable + "\n") }
      try Terminal.print("\(found.count) cases, \(differences.count) differences\n")
      if !differences.isEmpty { throw ExitStatus.no }
    }
  }

  /// The command that writes the manifest of the current cases.
  struct Manifest: CoppiceCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the manifest: all cases with their digests.")

    @OptionGroup var suite: FixturesOption

    func execute(_ monitor: OperationMonitor) throws(CoppiceError) {
      try Self.write(in: FilePath(suite.fixtures))
    }

    static func write(in directory: FilePath) throws(CoppiceError) {
      let manifest = try FixtureManifest(of: try FixtureCatalog(at: directory))
      let path = directory.appending(FixtureManifest.fileName)
      try OutputDirectory.remove(path)
      try OutputFile.create(path, holding: Array(manifest.text.utf8), durability: .buffered)
      try Terminal.print("\(manifest.count) cases listed\n")
    }
  }
}
