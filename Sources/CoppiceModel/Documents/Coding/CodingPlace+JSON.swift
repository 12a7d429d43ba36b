extension CodingPlace? {
  /// Checks that values nest no deeper than documents do.
  ///
  /// - Throws: `json.coding`.
  func checkDepth() throws(CoppiceError) {
    let limit = ReadLimits.standard.depth
    guard depth <= limit else {
      throw CoppiceError(
        .jsonCoding, "the value is nested deeper than \(limit) containers, or contains itself",
        at: .init(pointer: codingPath.jsonPointer))
    }
  }
}

extension [any CodingKey] {
  /// The place in a document that a coding path leads to, by RFC 6901.
  var jsonPointer: String {
    map { "/" + $0.stringValue.jsonPointerToken }.joined()
  }
}
