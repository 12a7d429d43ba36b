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

  /// The rows of the README's table: what a row is about, what is read of it, what is written.
  private func rows() throws -> [[String]] {
    let text = try Specification.text(of: Specification.package.appending("README.md"))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "| | read | written |"))
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.trimming(while: { $0 == " " }) }
    }
  }

  /// The names of formats in a cell, as code.
  private func names(in cell: String) -> Set<String> {
    Set(
      cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map { String($0.element) })
  }

  /// The names that the rows of the README give to the formats that are read; the tool has shorter names.
  private static let readAs: [(words: String, names: Set<String>)] = [
    ("Coppice 1.0", ["coppice"]), ("Coppice 0", ["coppice-0"]), ("Orbax", ["orbax", "orbax-v0"]),
    ("Flax msgpack", ["flax-msgpack"]), ("safetensors", ["safetensors"]),
    ("NumPy: npy and npz", ["npy", "npz"]), ("PyTorch", ["pytorch"]),
    ("HDF5", ["hdf5", "keras"]),
  ]

  @Test(.enabled(if: Tool.isBuilt)) func theReadmeHasTheFormatsThatThereAre() throws {
    let (read, written) = try listed()
    #expect(read.count >= 10 && written.count >= 7)
    let rows = try rows()
    #expect(rows.count == Self.readAs.count)
    var (saidRead, saidWritten): (Set<String>, Set<String>) = ([], [])
    for (row, expected) in zip(rows, Self.readAs) {
      try #require(row.count == 3)
      #expect(row[0].hasPrefix(expected.words), "\(row[0])")
      if row[1].hasPrefix("yes") { saidRead.formUnion(expected.names) }
      switch row[2] {
      case "–": break
      // Written under the name by which it is read.
      case let cell where cell.hasPrefix("yes"): saidWritten.formUnion(expected.names)
      case let cell: saidWritten.formUnion(names(in: cell))
      }
    }
    #expect(saidRead == read)
    #expect(saidWritten == written)
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
