package import CoppiceJSON
package import CoppiceModel

/// The treatment of members that this version doesn't know, with the ones found so far.
///
/// In a document whose minor version is no newer than ours, such a member is an error. A newer
/// minor version may add members, which are ignored.
///
/// Spec: VER-7.
package final class UnknownMembers {
  /// Whether an unknown member is an error.
  package let areRefused: Bool

  /// A warning for each ignored member, up to a limit.
  package private(set) var warnings: [CoppiceError] = []

  private static let maximumWarnings = 100

  package init(areRefused: Bool) { self.areRefused = areRefused }

  /// Refuses or ignores the members of an object that its reader hasn't asked for.
  ///
  /// - Throws: `json.unknown-member`.
  package func check(_ reader: JSONObjectReader) throws(CoppiceError) {
    if areRefused {
      try reader.rejectUnknown()
    } else {
      for (name, _) in reader.unknownEntries { ignore(name) }
    }
  }

  /// Adds a warning about an ignored member.
  package func ignore(_ name: JSONNode) {
    guard warnings.count < Self.maximumWarnings else { return }
    warnings.append(
      name.error(
        .versioningIgnoredMember,
        "this program doesn't know this member of a later version of the format; it is ignored"))
  }
}
