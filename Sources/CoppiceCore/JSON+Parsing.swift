import CoppiceJSON
public import CoppiceModel

extension JSON {
  /// Parses a JSON document, which may hold `NaN` and `Infinity` as Python writes them.
  ///
  /// - Throws: `json.*`, with the place in the document.
  public init(parsing text: String) throws(CoppiceError) {
    let document = try JSONDocument(parsing: Array(text.utf8), file: nil, dialect: .python)
    self = document.root.json
  }
}
