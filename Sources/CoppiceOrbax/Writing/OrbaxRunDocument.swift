package import CoppiceModel

/// The metadata of a whole run, which managers keep beside the steps.
package enum OrbaxRunDocument {
  /// The file's path in the run's directory.
  package static let path = OrbaxName.rootMetadata + "/_ROOT_METADATA"

  /// Returns the file's bytes.
  ///
  /// - Parameter metadata: As readers return them: `{"custom_metadata": …}`; anything else is the
  ///   user's own.
  package static func encoded(_ metadata: JSON) throws(CoppiceError) -> [UInt8] {
    let members = metadata.object ?? []
    let isOrbax = members.allSatisfy { member in
      member.isNamed("custom_metadata") || member.isNamed("internal_metadata")
    }
    var writer = DocumentWriter()
    try writer.object { (writer) throws(CoppiceError) in
      writer.name("internal_metadata")
      try writer.value((isOrbax ? metadata["internal_metadata"] : nil) ?? .object([]))
      writer.name("custom_metadata")
      try writer.value((isOrbax ? metadata["custom_metadata"] : metadata) ?? .object([]))
    }
    return writer.bytes
  }
}
