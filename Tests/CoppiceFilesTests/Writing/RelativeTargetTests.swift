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

/// Targets named from the working directory, which is the process's: one test at a time.
@Suite(.serialized) struct RelativeTargetTests {
  private func inside<Result>(_ directory: FilePath, _ body: () throws -> Result) throws -> Result {
    let before = open(".", O_RDONLY | O_DIRECTORY)
    defer { close(before) }
    try Sample.check(chdir(directory.string))
    defer { fchdir(before) }
    return try body()
  }

  @Test(arguments: StagingTests.kinds, ["result", "./result", "sub/result", "sub/../result"])
  func savesBesideTheTarget(_ kind: StagedOutput.Kind, _ name: String) throws {
    let sample = try Sample()
    try sample.folder("sub")
    try inside(sample.path) {
      for text in ["first", "second"] {
        try StagingTests.save(
          kind, to: FilePath(name), text, replacing: text == "second", durability: .durable)
        #expect(try StagingTests.text(FilePath(name), kind) == text)
      }
      #expect(
        code {
          _ = try StagedOutput(kind, for: FilePath(name), replacing: false)
        } == "operation.exists")
    }
    let place = FilePath(name).removingLastComponent().string == "sub" ? "sub" : ""
    #expect(try sample.names(place).filter { $0 != "sub" } == ["result"])
  }

  @Test func leftoversAreFoundInTheWorkingDirectory() throws {
    let sample = try Sample()
    try sample.file(".result.coppice-tmp-1/x")
    try inside(sample.path) {
      _ = try StagingTests.save(.directory, to: "result", "new")
    }
    #expect(try sample.names() == ["result"])
  }

  @Test func removesByAPlainName() throws {
    let sample = try Sample()
    try sample.file("a/b")
    try inside(sample.path) { try OutputDirectory.remove("a") }
    #expect(try sample.names().isEmpty)
  }
}
