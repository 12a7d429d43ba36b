import CoppiceJSON
package import CoppiceModel

/// The places of the blocks of a data file.
///
/// Spec: ARR-9, ARR-23.
package struct FileIndex: Hashable, Sendable {
  /// The digest of all bytes outside the blocks, in file order.
  package var structureDigest: Digest
  /// The blocks.
  package var blocks: BlockColumns

  package init(structureDigest: Digest = Digest(bits: 0), blocks: BlockColumns = BlockColumns()) {
    self.structureDigest = structureDigest
    self.blocks = blocks
  }
}

/// `arrays.<k>.json`: the index of a data file other than `arrays.h5`.
///
/// Spec: MET-37.
package struct IndexDocument: Sendable {
  /// The value of `format`.
  package static let format = "coppice.index"

  package var index: FileIndex
  /// The deviations that were tolerated when the document was read.
  package var warnings: [CoppiceError] = []

  package init(_ index: FileIndex) { self.index = index }

  /// Reads the document from its bytes; the blocks aren't checked.
  ///
  /// - Parameters:
  ///   - file: The document's name for messages, such as `state/arrays.1.json`.
  ///   - checksForm: Whether to check the canonical form.
  /// - Throws: `json.*`, `versioning.*`.
  package init(
    parsing bytes: [UInt8], file: String, limits: ReadLimits = .standard, checksForm: Bool = false
  ) throws(CoppiceError) {
    let document = try JSONDocument(parsing: bytes, file: file, limits: limits)
    var reader = try JSONObjectReader(document.root)
    let unknown = try DocumentHeader.read(&reader, format: Self.format)
    if checksForm { try document.requireCanonical() }
    let blocks = try reader.required("blocks")
    let digest = Digest(bits: try reader.required("structure_digest").hex64())
    try unknown.check(reader)
    index = FileIndex(structureDigest: digest, blocks: try BlockColumns(blocks, unknown))
    warnings = unknown.warnings
  }

  /// Returns the canonical bytes.
  package func encoded() -> [UInt8] {
    var writer = CanonicalJSONWriter(reservingCapacity: 256 + index.blocks.count * 40)
    writer.beginObject()
    writer.name("blocks")
    index.blocks.write(to: &writer)
    writer.name("format")
    writer.string(Self.format)
    writer.name("structure_digest")
    writer.hex64(index.structureDigest.bits)
    writer.name("version")
    writer.string(FormatVersion.current.description)
    writer.endObject()
    return writer.finish()
  }
}
