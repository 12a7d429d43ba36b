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
      .matches(of: /\b(?:library|tool)\(\s*"(Coppice[A-Za-z0-9]*)"/).map { String($0.1) }
    let map = try Self.text(of: "CONTRIBUTING.md")
    #expect(targets.count > 20)
    #expect(targets.filter { !map.contains("`\($0)`") } == [])
  }

  @Test func everySystemLibraryIsInTheReadmeAndInstalled() throws {
    let libraries = try Self.text(of: "Package.swift")
      .matches(of: /(?:apt|brew): "([a-z0-9@-]+)"/).map { String($0.1) }
    let (readme, makefile) = (try Self.text(of: "README.md"), try Self.text(of: "Makefile"))
    #expect(libraries.count > 10)
    // macOS has zlib.
    for library in libraries where library != "zlib" {
      #expect(readme.contains(" " + library + " "), "\(library)")
      #expect(makefile.contains(" " + library + " "), "\(library)")
    }
  }
}
