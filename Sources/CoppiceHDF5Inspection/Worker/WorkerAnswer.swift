import CoppiceJSON
import CoppiceModel

/// The worker's output: an outline, or an error.
enum WorkerAnswer {
  /// Returns the answer as JSON.
  static func json(_ outcome: Result<FileOutline, CoppiceError>) -> [UInt8] {
    var writer = CanonicalJSONWriter()
    writer.object {
      switch outcome {
      case .success(let outline):
        $0.name("outline")
        outline.write(to: &$0)
      case .failure(let error):
        $0.member("error") {
          $0.object {
            $0.member("code") { $0.string(error.code.rawValue) }
            $0.member("message") { $0.string(error.message) }
            if let path = error.location.treePath { $0.member("path") { $0.string(path) } }
          }
        }
      }
    }
    return writer.finish()
  }

  /// The codes of the worker's own errors; an answer with another code isn't the worker's.
  private static let codes: [CoppiceError.Code] = [
    .hdf5Invalid, .hdf5NewerVersion, .hdf5Limit, .ioHDF5Open,
  ]

  /// Reads an answer.
  ///
  /// - Throws: The error in it, or `json.*` when it isn't an answer.
  static func outline(_ answer: [UInt8], limits: ReadLimits) throws(CoppiceError) -> FileOutline {
    let document = try JSONDocument(parsing: answer, limits: limits)
    var reader = try JSONObjectReader(document.root)
    if let failure = reader.optional("error") {
      var members = try JSONObjectReader(failure)
      let code = CoppiceError.Code(rawValue: try members.required("code").string())
      guard codes.contains(code) else { throw failure.error(.jsonType, "this is no error") }
      let path = members.optional("path")
      throw CoppiceError(
        code, try members.required("message").string(),
        at: .init(treePath: try path.map { (node) throws(CoppiceError) in try node.string() }))
    }
    let outline = try FileOutline(reader.required("outline"))
    try reader.rejectUnknown()
    return outline
  }
}
