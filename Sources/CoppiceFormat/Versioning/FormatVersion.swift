package import CoppiceJSON
package import CoppiceModel

/// The version of a document: readers must know the major number; a minor version only adds
/// members.
///
/// Spec: VER-1.
package struct FormatVersion: Hashable, Sendable {
  package var major: Int
  package var minor: Int

  /// The version that this code writes, and the newest that it supports completely.
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
    let parts = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Self.number(parts[0]), let minor = Self.number(parts[1])
    else { return nil }
    self.init(major: major, minor: minor)
  }

  private static func number(_ digits: some Collection<UInt8>) -> Int? {
    guard let first = digits.first, first != 0x30 || digits.count == 1,
      digits.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    // A number too large for `Int` is later than every existing version.
    return Int(String(decoding: digits, as: UTF8.self)) ?? .max
  }
}

/// The first two members of every document: its format and its version.
///
/// Spec: VER-2, VER-3.
package enum DocumentHeader {
  /// Checks a document's `format` and `version`, and returns the treatment of unknown members.
  ///
  /// - Throws: `versioning.not-coppice`, `versioning.future-major`, `json.missing-member`.
  package static func read(
    _ reader: inout JSONObjectReader, format: String
  ) throws(CoppiceError) -> UnknownMembers {
    guard let found = reader.optional("format"), found.stringEquals(format) else {
      throw reader.node.error(
        .versioningNotCoppice, "the document's \"format\" isn't \"\(format)\"")
    }
    let node = try reader.required("version")
    guard node.kind == .string, let version = FormatVersion(try node.string()) else {
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
        .versioningNotCoppice, "documents of version \(version) of the format have no such header")
    }
    return UnknownMembers(areRefused: version.minor <= current.minor)
  }
}
