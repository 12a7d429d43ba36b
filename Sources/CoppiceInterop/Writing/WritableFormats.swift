package import CoppiceModel

/// The formats that can be written.
package enum WritableFormats {
  package static let all: [any WritableFormat] = [
    CoppiceOutput(), OrbaxOutput(.version1), OrbaxOutput(.version0Direct), SafetensorsOutput(),
    NpzOutput(), FlaxOutput(), HDF5Output(),
  ]

  /// The names, for messages and help.
  package static var names: String { all.map(\.name).joined(separator: ", ") }

  /// The format of a name.
  ///
  /// - Throws: `usage.choice` with the names that there are.
  package static func named(_ name: String) throws(CoppiceError) -> any WritableFormat {
    guard let format = all.first(where: { $0.name == name }) else {
      throw CoppiceError(
        .usageChoice,
        "\"\(name.printable)\" can't be written; there are \(names)"
          + NearMiss.hint(for: name, among: all.map(\.name)))
    }
    return format
  }

  /// The format that a target's name asks for; this project's own where it asks for none.
  package static func forTarget(_ path: String) -> any WritableFormat {
    all.first { format in format.nameEndings.contains { path.hasSuffix($0) } } ?? CoppiceOutput()
  }
}
