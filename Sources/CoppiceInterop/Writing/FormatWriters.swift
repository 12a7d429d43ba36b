package import CoppiceModel

/// The list of all format writers.
package enum FormatWriters {
  package static let all: [any BuiltInFormatWriter] = [
    CoppiceFormatWriter(), OrbaxFormatWriter(.version1), OrbaxFormatWriter(.version0Direct),
    SafetensorsFormatWriter(),
    NpzFormatWriter(), FlaxFormatWriter(), HDF5FormatWriter(), PyTorchFormatWriter(),
  ]

  /// The names of all formats, for messages and help.
  package static var names: String { all.map(\.name).joined(separator: ", ") }

  /// Returns the writer of the format with a name.
  ///
  /// - Throws: `usage.choice` with the existing names.
  package static func named(_ name: String) throws(CoppiceError) -> any BuiltInFormatWriter {
    guard let format = all.first(where: { $0.name == name }) else {
      throw CoppiceError(
        .usageChoice,
        "\"\(name.printable)\" can't be written; there are \(names)"
          + NearMiss.hint(for: name, among: all.map(\.name)))
    }
    return format
  }

  /// Returns the writer for a target.
  ///
  /// It is that of the named format if there is a name, else that of the ending of the target's
  /// name, else that of Coppice's own format.
  ///
  /// - Throws: `usage.choice` for an unknown format, for one that contradicts the target's name,
  ///   and for a target name of files that can't be written.
  package static func chosen(
    _ name: String?, forTarget path: String?
  ) throws(CoppiceError) -> any BuiltInFormatWriter {
    guard let path else {
      guard let name else { return CoppiceFormatWriter() }
      return try named(name)
    }
    guard path != "-" else {
      throw CoppiceError(
        .usageChoice, "nothing is written to standard output; give a path, ./- for a file \"-\"",
        at: .init(file: path))
    }
    let lowercase = path.lowercased()
    let byEnding = all.first { format in
      format.nameEndings.contains { lowercase.hasSuffix($0) }
    }
    guard let name else {
      if let byEnding { return byEnding }
      try UnwritableName.check(path)
      return CoppiceFormatWriter()
    }
    let format = try named(name)
    if let byEnding, byEnding.name != format.name {
      throw CoppiceError(
        .usageChoice,
        "this is a name of \(byEnding.name) files, and `format` asks for \(format.name); change one of them",
        at: .init(file: path))
    }
    return format
  }
}
