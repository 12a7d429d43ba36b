package import CoppiceModel
package import SystemPackage

/// The code of a DocC article, held against the test that runs it.
package enum ArticleCode {
  /// The first lines of those Swift blocks of an article that don't stand in a source, indents aside.
  ///
  /// - Parameter minimum: The blocks that the article has at least.
  package static func strays(
    of article: String, from source: FilePath, minimum: Int
  ) throws(CoppiceError) -> [String] {
    let path = Specification.package.appending("Sources").appending("Coppice")
      .appending("Coppice.docc").appending(article)
    let source = lines(try Specification.text(of: source))
    let blocks = try Specification.text(of: path).split(separator: "```swift\n").dropFirst()
      .compactMap { $0.split(separator: "```", omittingEmptySubsequences: false).first }
      .map { lines(String($0)) }
    guard blocks.count >= minimum else { return ["only \(blocks.count) blocks"] }
    return blocks.filter { block in
      !source.indices.contains { source[$0...].starts(with: block) }
    }.map { $0.first ?? "" }
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { line in String(line.drop { $0 == " " }) }
  }
}
