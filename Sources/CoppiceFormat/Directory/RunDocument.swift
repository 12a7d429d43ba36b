import CoppiceJSON
package import CoppiceModel

/// `coppice-root.json`: what is known of a whole run, beside the directories of its steps.
///
/// Spec: MET-30.
package struct RunDocument {
  package static let fileName = "coppice-root.json"
  package static let format = "coppice.root"

  /// The run's metadata: a JSON object.
  package var metadata: JSON
  /// The warnings about the document as read.
  package private(set) var warnings: [CoppiceError] = []

  package init(metadata: JSON) { self.metadata = metadata }

  package init(
    parsing bytes: [UInt8], file: String = Self.fileName, limits: ReadLimits = .standard
  ) throws(CoppiceError) {
    let document = try JSONDocument(parsing: bytes, file: file, limits: limits)
    var reader = try JSONObjectReader(document.root)
    let unknown = try DocumentHeader.read(&reader, format: Self.format)
    try document.requireCanonical()
    try SelfDigest.check(bytes, &reader)
    let node = try reader.required("metadata")
    _ = try node.requireObject()
    metadata = try NonfiniteNumbers.restore(
      [(node.json, "metadata")], from: reader.optional("nonfinite"))[0].json
    try unknown.check(reader)
    warnings = unknown.warnings
  }

  package func encoded() throws(CoppiceError) -> [UInt8] {
    var nonfinite: [(pointer: String, text: String)] = []
    let plain = NonfiniteNumbers.takeOut(of: metadata, at: "/metadata", into: &nonfinite)
    var members: [JSON.Member] = [
      .init("format", .string(Self.format)),
      .init("metadata", plain),
      .init("version", .string(FormatVersion.current.description)),
    ]
    if let table = NonfiniteNumbers.table(nonfinite) { members.append(.init("nonfinite", table)) }
    return try SelfDigest.seal(members)
  }
}
