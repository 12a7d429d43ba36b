import CoppiceFormat
import CoppiceModel
import StrictJSON

/// `coppice-root.json`: what is known of a whole run, beside the directories of its steps.
///
/// Spec: MET-30.
struct StepsDocument {
  static let fileName = "coppice-root.json"
  static let format = "coppice.root"

  /// The run's metadata: a JSON object.
  var metadata: JSON

  init(metadata: JSON) { self.metadata = metadata }

  init(parsing bytes: [UInt8], limits: ReadLimits) throws(CoppiceError) {
    let document = try JSONDocument(parsing: bytes, file: Self.fileName, limits: limits)
    var reader = try JSONObjectReader(document.root)
    let unknown = try DocumentHeader.read(&reader, format: Self.format)
    try SelfDigest.check(bytes, &reader)
    try document.requireCanonical()
    let node = try reader.required("metadata")
    _ = try node.requireObject()
    metadata = try NonfiniteNumbers.restore(
      node.json, at: "/metadata", from: reader.optional("nonfinite"))
    try unknown.check(reader)
  }

  func encoded() throws(CoppiceError) -> [UInt8] {
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
