package import CoppiceModel

extension CoppiceError.Code {
  /// The bytes aren't a document of RFC 8259, or of the requested dialect.
  package static let jsonSyntax = Self(rawValue: "json.syntax")
  /// Two members of one object have the same name, byte by byte and unescaped.
  package static let jsonDuplicateName = Self(rawValue: "json.duplicate-name")
  /// The text is not well-formed UTF-8, begins with a byte order mark or escapes half a character.
  package static let jsonEncoding = Self(rawValue: "json.encoding")
  /// Arrays and objects are nested more deeply than the limit.
  package static let jsonDepth = Self(rawValue: "json.depth")
  /// The document is longer than the limit.
  package static let jsonSize = Self(rawValue: "json.size")
  /// The value is of another kind than its member or element must have.
  package static let jsonType = Self(rawValue: "json.type")
  /// An object lacks a member that it must have.
  package static let jsonMissingMember = Self(rawValue: "json.missing-member")
  /// An object has a member that it must not have.
  package static let jsonUnknownMember = Self(rawValue: "json.unknown-member")
  /// A number is out of range, or isn't a number.
  package static let jsonNumberRange = Self(rawValue: "json.number-range")
  /// The document is not in canonical form.
  package static let jsonNotCanonical = Self(rawValue: "json.not-canonical")
}
