import CoppiceFiles
import CoppiceTestSupport
import SystemPackage
import Testing

/// The pages for users and contributors name what the manifest declares.
struct PackageTests {
  private static func text(of file: String) throws -> String {
    try Specification.text(of: Specification.package.appending(file))
  }

  @Test func everyTargetIsOnTheMap() throws {
    let targets = try Self.text(of: "Package.swift")
      .matches(of: /(?:\b(?:library|tool)\(\s*"|target\(\s*name: ")(Coppice[A-Za-z0-9]*)"/)
      .map { String($0.1) }.filter { $0 != "CoppiceTestSupport" }
    let map = try Self.text(of: "CONTRIBUTING.md")
    #expect(targets.count > 20)
    #expect(targets.filter { !map.contains("`\($0)`") } == [])
  }

  /// The targets of foreign formats, as the map has them.
  static func foreignFormats() throws -> [String] {
    let rows = try text(of: "CONTRIBUTING.md").split(separator: "\n")
    let row = try #require(rows.first { $0.contains("| foreign formats; ") })
    return row.matches(of: /`(Coppice[A-Za-z0-9]+)`,? ?/).map { String($0.1) }
  }

  /// Programs that import `CoppiceInterop` name the codes of each format.
  @Test func everyForeignFormatIsExported() throws {
    let exports = try Self.text(of: "Sources/CoppiceInterop/CoppiceInteropExports.swift")
    let targets = try Self.foreignFormats()
    #expect(targets.count >= 6)
    #expect(targets.filter { !exports.contains("@_exported public import \($0)\n") } == [])
  }

  /// The compiler keeps a client from all that isn't public only while the manifest says so; and of public
  /// modules only the products' are there in another package.
  @Test func clientsAreOutsideOfThePackage() throws {
    let manifest = try Self.text(of: "Package.swift")
    let client = try #require(manifest.firstMatch(of: /func client\([^{]*\{(?<body>[^}]*)\}/))
    #expect(client.body.contains("packageAccess: false"))
    let names = manifest.matches(of: /\bclient\(\s*"([A-Za-z]+)"/).map { String($0.1) }
    let folder = Specification.package.appending("Tests/ClientTests/Sources")
    let files = try DirectoryHandle(opening: folder).allFiles().filter { $0.hasSuffix(".swift") }
    #expect(Set(files.compactMap { $0.split(separator: "/").first.map(String.init) }) == Set(names))
    let allowed: Set = [
      "Coppice", "CoppiceInterop", "CoppiceMaintenance", "CoppiceConformance",
      "CoppiceMPI", "CoppiceReport", "CCoppiceAllocations", "CoppiceClientManyProcesses",
      "Glibc", "Darwin", "Foundation", "Synchronization",
    ]
    for file in files {
      let text = try Specification.text(of: FilePath(folder.string + "/" + file))
      let imports = text.matches(of: /\bimport (?:[a-z]+ )?([A-Za-z0-9]+)/).map { String($0.1) }
      #expect(!imports.isEmpty && allowed.isSuperset(of: imports), "\(file): \(imports)")
      #expect(!text.contains("@testable") && !text.contains("@_spi"), "\(file)")
    }
  }

  /// The library can do what the tool can: the commands are a client like any other.
  @Test func commandsSeeWhatIsPublicOnly() throws {
    let manifest = try Self.text(of: "Package.swift")
    let declared = try #require(
      manifest.firstMatch(of: /name: "CoppiceCommands",[^\n]*\n(?s:.*?)swiftSettings/))
    #expect(declared.output.contains("packageAccess: false"))
    let products: Set = [
      "Coppice", "CoppiceConformance", "CoppiceInterop", "CoppiceMaintenance", "CoppiceReport",
    ]
    #expect(
      Set(declared.output.matches(of: /"(Coppice[A-Za-z0-9]*)"/).map { String($0.1) })
        == products.union(["CoppiceCommands"]))
    let system: Set = [
      "ArgumentParser", "Darwin", "Dispatch", "Glibc", "Synchronization", "SystemPackage",
    ]
    var count = 0
    for text in try Specification.sources(of: "CoppiceCommands") {
      #expect(!text.contains("@_spi") && !text.contains("@testable"))
      for match in text.matches(of: /(?m)^ *(?:[@a-z_]+ +)*import +(?:[a-z]+ +)?([A-Za-z0-9_]+)/) {
        count += 1
        #expect(products.union(system).contains(String(match.1)), "\(match.1)")
      }
    }
    #expect(count > 50)
  }

  @Test func everySystemLibraryIsDocumentedAndInstalled() throws {
    let libraries = try Self.text(of: "Package.swift")
      .matches(of: /(?:apt|brew): "([a-z0-9@-]+)"/).map { String($0.1) }
    let (page, makefile) = (try Self.text(of: "docs/install.md"), try Self.text(of: "Makefile"))
    #expect(libraries.count > 10)
    // MPI is installed for those who ask for it; Package.swift chooses among two.
    for library in ["libopenmpi-dev", "open-mpi", "libmpich-dev", "mpich"] {
      #expect(try Self.text(of: "Package.swift").contains("\"" + library + "\""))
      #expect(page.contains("`" + library + "`") && makefile.contains(" " + library))
    }
    // macOS has zlib.
    for library in libraries where library != "zlib" {
      #expect(page.contains(" " + library + " "), "\(library)")
      #expect(makefile.contains(" " + library + " "), "\(library)")
    }
  }
}
