import CoppiceTestSupport
import SystemPackage
import Testing

/// The documents and `coppice formats` say the same about formats.
struct FormatTableTests {
  /// The names in the first table that `coppice formats` prints, by whether they are read and written.
  private func listed() throws -> (read: Set<String>, written: Set<String>) {
    let directory = try TemporaryDirectory()
    let found = try Tool.run(["formats"], scratch: directory.path)
    #expect(found.status == 0)
    var (read, written): (Set<String>, Set<String>) = ([], [])
    // The command line, the heading, then one line for each format, up to an empty one.
    for line in found.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2) {
      let cells = line.split(separator: " ")
      guard cells.count == 3 else { break }
      if cells[1] == "yes" { read.insert(String(cells[0])) }
      if cells[2] == "yes" { written.insert(String(cells[0])) }
    }
    return (read, written)
  }

  /// The rows of the page's table: what a row is about, what is read of it, what is written.
  private func rows() throws -> [[String]] {
    let text = try Specification.text(of: Specification.package.appending("docs/formats.md"))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "| | read | written |"))
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.trimming(while: { $0 == " " }) }
    }
  }

  /// The names of formats in a cell: its code, except command lines.
  private func names(in cell: String) -> Set<String> {
    Set(
      cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 && !$0.element.contains(" ") }.map { String($0.element) })
  }

  @Test(.enabled(if: Tool.isBuilt)) func thePageHasTheFormatsThatThereAre() throws {
    let (read, written) = try listed()
    #expect(read.count >= 10 && written.count >= 7)
    var (saidRead, saidWritten): (Set<String>, Set<String>) = ([], [])
    for row in try rows() {
      try #require(row.count == 3)
      #expect(!names(in: row[1]).isEmpty, "\(row[0]) names no format that is read")
      #expect(row[2] == "–" || !names(in: row[2]).isEmpty, "\(row[0])")
      saidRead.formUnion(names(in: row[1]))
      saidWritten.formUnion(names(in: row[2]))
    }
    #expect(saidWritten == written)
    // A variant such as `orbax-v0` is read under the name of its format.
    #expect(saidRead.union(saidWritten) == read)
  }

  /// A variant that is written, such as `orbax-v0`, is read by the format that it belongs to.
  @Test(.enabled(if: Tool.isBuilt)) func whateverIsWrittenIsRead() throws {
    let (read, written) = try listed()
    #expect(written.subtracting(read) == [])
  }

  /// The first page of the help names all of them.
  @Test(.enabled(if: Tool.isBuilt)) func theFirstHelpHasTheFormatsThatThereAre() throws {
    let directory = try TemporaryDirectory()
    let (read, written) = try listed()
    let help = try Tool.run(["--help"], scratch: directory.path).text
    let words = Set(help.split(whereSeparator: { " \n,;.():".contains($0) }).map(String.init))
    #expect(words.isSuperset(of: read.union(written)), "\(read.union(written).subtracting(words))")
  }

  /// `--to` offers what is written.
  @Test(.enabled(if: Tool.isBuilt)) func theHelpHasTheFormatsThatThereAre() throws {
    let directory = try TemporaryDirectory()
    let written = try listed().written
    let help = try Tool.run(["convert", "--help"], scratch: directory.path).text
    let words = Set(help.split(whereSeparator: { " \n,;.():".contains($0) }).map(String.init))
    #expect(words.isSuperset(of: written), "\(written.subtracting(words))")
  }
}

extension Substring {
  /// The text without such characters at both ends.
  fileprivate func trimming(while isOutside: (Character) -> Bool) -> String {
    let start = drop(while: isOutside)
    return String(
      start[..<(start.lastIndex { !isOutside($0) }.map(start.index(after:)) ?? start.startIndex)])
  }
}
