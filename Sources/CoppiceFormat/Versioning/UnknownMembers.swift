package import CoppiceJSON
package import CoppiceModel

/// What is done with members that this version doesn't know, and which were met.
///
/// Where a document's minor version is no newer than ours, such a member is an error; a newer minor
/// version may add members.
///
/// Spec: VER-7.
package final class UnknownMembers {
  /// Whether a member that is not known is an error.
  package let areRefused: Bool

  /// The members that were ignored, as far as they are few enough to be told.
  package private(set) var warnings: [CoppiceError] = []

  private static let maximumWarnings = 100

  package init(areRefused: Bool) { self.areRefused = areRefused }

  /// Deals with the members of an object that its reader hasn't asked for.
  ///
  /// - Throws: `json.unknown-member`.
  package func check(_ reader: JSONObjectReader) throws(CoppiceError) {
    if areRefused {
      try reader.rejectUnknown()
    } else {
      for (name, _) in reader.unknownEntries { ignore(name) }
    }
  }

  /// Notes a member that is ignored.
  package func ignore(_ name: JSONNode) {
    guard warnings.count < Self.maximumWarnings else { return }
    warnings.append(
      name.error(
        .versioningIgnoredMember,
        "this member of a later version of the format is not known here; it is ignored"))
  }
}
