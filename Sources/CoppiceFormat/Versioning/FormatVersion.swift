package import CoppiceModel
package import StrictJSON

/// The version of a document: a major number that readers must know, a minor one that only adds.
///
/// Spec: VER-1.
package struct FormatVersion: Hashable, Sendable {
  package var major: Int
  package var minor: Int

  /// The version that this code writes, and the newest that it knows in full.
  package static let current = FormatVersion(major: 1, minor: 0)

  package init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }
}

extension FormatVersion: CustomStringConvertible {
  package var description: String { "\(major).\(minor)" }

  /// Parses `MAJOR.MINOR`, decimal without leading zeros.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]),
      "\(major).\(minor)" == text, major >= 0, minor >= 0
    else { return nil }
    self.init(major: major, minor: minor)
  }
}

/// The first two members of every document: which it is, and of which version.
package enum DocumentHeader {
  /// Checks a document's `format` and `version` and says what to do with members it doesn't know.
  ///
  /// - Throws: `versioning.not-coppice`, `versioning.future-major`.
  package static func read(
    _ reader: inout JSONObjectReader, format: String
  ) throws(CoppiceError) -> UnknownMembers {
    guard let found = reader.optional("format"), found.stringEquals(format) else {
      throw reader.node.error(
        .versioningNotCoppice, "the document's \"format\" isn't \"\(format)\"")
    }
    let node = try reader.required("version")
    guard let version = FormatVersion(try node.string()) else {
      throw node.error(.versioningNotCoppice, "the version isn't of the form MAJOR.MINOR")
    }
    let current = FormatVersion.current
    guard version.major <= current.major else {
      throw node.error(
        .versioningFutureMajor,
        "written in version \(version) of the format, but this program reads up to \(current); "
          + "use a newer one")
    }
    guard version.major == current.major else {
      throw node.error(
        .versioningNotCoppice, "no document of version \(version) has this form")
    }
    return version.minor > current.minor ? .ignored : .refused
  }
}

/// What is done with a member that this version doesn't know.
///
/// Spec: VER-7.
package enum UnknownMembers: Sendable {
  /// The document's minor version is no newer than ours: the member is an error.
  case refused
  /// The document comes from a newer minor version, which may add members.
  case ignored

  /// Checks that a reader has asked for all members.
  package func check(_ reader: JSONObjectReader) throws(CoppiceError) {
    if case .refused = self { try reader.rejectUnknown() }
  }
}
