import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// Files on which libhdf5 1.10.8 crashes: for the tool that is an error like any other.
struct HostileHDF5Tests {
  private static let folder = FilePath("Tests/FailCases/HDF5")

  private static let files: [String] = {
    let path = Specification.package.pushing(folder)
    let names = (try? DirectoryHandle(opening: path).allFiles()) ?? []
    // Files that never end take a minute: CoppiceHDF5InspectionTests have it with less.
    return names.filter { $0.hasPrefix("crash-") }.sorted()
  }()

  private static let commands = [
    ["info"], ["ls"], ["dump", "--json"], ["validate"], ["convert", "--to", "coppice"],
    ["convert", "--to", "npz"], ["diff", "fixtures/foreign/hdf5/types/input/m.h5"],
  ]

  @Test func thereAreFiles() { #expect(Self.files.count >= 5) }

  @Test(.enabled(if: Tool.isBuilt), arguments: files, commands.indices)
  func oneLineIsSaid(_ name: String, _ index: Int) throws {
    let directory = try TemporaryDirectory()
    var words = Self.commands[index] + [Self.folder.appending(name).string]
    if words[0] == "convert" { words.append("TMP/out") }
    let found = try Tool.run(words, scratch: directory.path)
    #expect(found.status == 1 || found.status == 2, "\(found.text)")
    let said = try Specification.text(of: directory("stderr"))
    let report = words[0] == "validate" ? found.text : said
    #expect(said.split(separator: "\n").count <= 1, "\(said)")
    #expect(words[0] == "validate" || said.hasSuffix("]\n"), "\(said)")
    #expect(report.contains("[hdf5."), "\(found.text)")
    #expect(said.split(separator: name).count <= 2, "the file is named twice: \(said)")
    #if os(Linux)
      #expect(report.contains("crash inside libhdf5"), "\(found.text)")
    #endif
    #expect(try DirectoryHandle(opening: directory.path).allFiles() == ["stderr"])
  }

  /// Package managers link to a tool from a directory of the path.
  @Test(.enabled(if: Tool.isBuilt)) func aToolThatIsALinkFindsItsWorker() throws {
    let directory = try TemporaryDirectory()
    let link = directory("coppice").string
    try #require(ShellCommand.run("ln", "-s", Tool.path.string, link).status == 0)
    let file = Specification.package.pushing(Self.folder).appending(Self.files[0]).string
    let path = "PATH=" + directory.path.string + ":/usr/bin:/bin"
    let result = ShellCommand.run("env", path, "coppice", "info", file)
    #expect(result.status == 1)
    #expect(result.output.hasSuffix("[hdf5.worker-died]\n"), "\(result.output)")
  }

  /// An installed tool has its worker in `libexec/coppice`, as the Filesystem Hierarchy Standard has it.
  @Test(.enabled(if: Tool.isBuilt)) func anInstalledToolFindsItsWorker() throws {
    let directory = try TemporaryDirectory()
    let worker = try #require(BuiltProgram.worker).string
    let (bin, libexec) = (directory("bin").string, directory("libexec/coppice").string)
    try #require(ShellCommand.run("mkdir", "-p", bin, libexec).status == 0)
    try #require(ShellCommand.run("cp", Tool.path.string, bin + "/coppice").status == 0)
    try #require(ShellCommand.run("cp", worker, libexec).status == 0)
    let file = Specification.package.appending("fixtures/foreign/hdf5/types/input/m.h5").string
    let result = ShellCommand.run(bin + "/coppice", "ls", file)
    #expect(result.status == 0, "\(result.output)")
  }

  /// Where the worker is missing, files are not parsed by the tool itself.
  @Test(.enabled(if: Tool.isBuilt)) func withoutTheWorkerNothingIsParsed() throws {
    #if os(Linux)
      let directory = try TemporaryDirectory()
      let (tool, alone) = (Tool.path.string, directory("coppice").string)
      try #require(ShellCommand.script("ln \(tool) \(alone) || cp \(tool) \(alone)").status == 0)
      let file = Specification.package.pushing("fixtures/foreign/hdf5/types/input/m.h5").string
      let result = ShellCommand.run(alone, "info", file)
      #expect(result.status == 2)
      #expect(result.output.hasSuffix("[io.hdf5-worker]\n"), "\(result.output)")
      #expect(result.output.contains("belongs beside the tool"))
    #endif
  }
}
