package import CoppiceModel
package import SystemPackage

/// The code of articles, README and documentation comments, held against the test that runs it.
package enum ArticleCode {
  /// The first lines of those Swift blocks of a DocC article that don't stand in a source, indents
  /// aside.
  ///
  /// - Parameter minimum: The blocks that the article has at least.
  package static func strays(
    of article: String, from source: FilePath, minimum: Int
  ) throws(CoppiceError) -> [String] {
    try strays(try blocks(of: "Sources/Coppice/Coppice.docc/" + article), source, minimum)
  }

  /// The first lines of those paragraphs of a document's Swift blocks that don't stand in a source,
  /// indents aside: what the code of a document takes for granted may stand between them.
  ///
  /// - Parameters:
  ///   - document: A Markdown file, or a Swift file with documentation comments: from the package's
  ///     directory.
  ///   - minimum: The paragraphs that the document has at least.
  package static func strayParagraphs(
    of document: String, from source: FilePath, minimum: Int
  ) throws(CoppiceError) -> [String] {
    let paragraphs = try blocks(of: document).flatMap { block in
      block.split(separator: "\n\n").map { String($0) }
    }
    return try strays(paragraphs, source, minimum)
  }

  private static func strays(
    _ blocks: [String], _ source: FilePath, _ minimum: Int
  ) throws(CoppiceError) -> [String] {
    let source = lines(try Specification.text(of: source))
    guard blocks.count >= minimum else { return ["only \(blocks.count) blocks"] }
    return blocks.map(lines).filter { block in
      !source.indices.contains { source[$0...].starts(with: block) }
    }.map { $0.first ?? "" }
  }

  /// The Swift blocks of a document.
  private static func blocks(of document: String) throws(CoppiceError) -> [String] {
    var text = try Specification.text(of: Specification.package.pushing(FilePath(document)))
    if document.hasSuffix(".swift") {
      text = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.hasPrefix("///") ? $0.dropFirst(3).drop { $0 == " " } : "" }
        .joined(separator: "\n")
    }
    return text.split(separator: "```swift\n").dropFirst()
      .compactMap { $0.split(separator: "```", omittingEmptySubsequences: false).first }
      .map { String($0) }
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { line in String(line.drop { $0 == " " }) }
  }
}
