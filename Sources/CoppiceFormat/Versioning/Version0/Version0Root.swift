import CoppiceJSON
package import CoppiceModel

/// `checkpoint.json` of version 0: the metadata of the whole checkpoint.
///
/// Spec: version 0, V0-8.
package struct Version0Root: Sendable {
  package static let fileName = "checkpoint.json"

  package var step: Int?
  /// The user's own metadata: a JSON object.
  package var custom: JSON?

  /// Reads the document.
  ///
  /// - Throws: `json.*`.
  package init(parsing bytes: [UInt8], file: String, limits: ReadLimits) throws(CoppiceError) {
    let document = try JSONDocument(parsing: bytes, file: file, dialect: .python, limits: limits)
    var reader = try JSONObjectReader(document.root)
    if let node = reader.optional("custom") {
      _ = try node.requireObject()
      custom = node.json
    }
    step = try reader.optional("step")?.nonNegativeInt()
    try reader.rejectUnknown()
  }
}
