import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import SystemPackage

extension JSON {
  var isTrue: Bool { self == .bool(true) }

  /// The value in one line.
  var line: String {
    let bytes = try? CanonicalJSON.encode(self, dialect: .python, limits: .documents)
    return bytes.map { String(decoding: $0.dropLast(), as: UTF8.self) } ?? "?"
  }

  /// The value in one line of limited length.
  var summary: String {
    let line = line
    return line.count > 80 ? line.prefix(79) + "…" : line
  }

  /// The elements of an array of strings; `nil` for anything else.
  var texts: [String]? {
    guard let array else { return nil }
    let texts = array.compactMap(\.string)
    return texts.count == array.count ? texts : nil
  }

  /// Reads a document of the suite.
  static func document(at path: FilePath) throws(CoppiceError) -> JSON {
    let bytes = try InputFile(opening: path).allBytes(limit: ReadLimits.documents.documentBytes)
    return try JSONDocument(
      parsing: bytes, file: path.string, dialect: .python, limits: .documents
    ).root.json
  }
}

extension ReadLimits {
  /// The limits for the suite's documents: a description nests deeper than the tree that it
  /// describes.
  static let documents: ReadLimits = {
    var limits = ReadLimits.standard
    limits.depth = 1024
    return limits
  }()
}
