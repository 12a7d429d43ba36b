import CoppiceJSON
package import CoppiceModel

extension TreeDocument {
  /// Reads the copy that HDF5 holds at `/%coppice/tree`, which lacks the files.
  ///
  /// Spec: ARR-41.
  ///
  /// - Throws: `json.*`, `versioning.*`, `model.*`, `arrays.*`, `sharding.*`.
  package init(
    parsingStructure bytes: [UInt8], file: String, limits: ReadLimits = .standard
  ) throws(CoppiceError) {
    let document = try JSONDocument(parsing: bytes, file: file, limits: limits.forTreeDocuments)
    var reader = try JSONObjectReader(document.root)
    let unknown = try DocumentHeader.read(&reader, format: Self.format)
    try document.requireCanonical()
    try self.init(structure: &reader, unknown, limits: limits)
    try unknown.check(reader)
    warnings = unknown.warnings
    placeFaults += placementFaults(fileCount: nil)
    if let fault = placeFaults.first { throw fault }
  }
}
