// Faults of JSON text.
extension CoppiceError.Code {
  /// Arrays and objects are nested more deeply than the limit.
  public static let jsonDepth = Self(rawValue: "json.depth")
  /// Two members of one object have the same name, byte by byte and unescaped.
  public static let jsonDuplicateName = Self(rawValue: "json.duplicate-name")
  /// The text is not well-formed UTF-8, begins with a byte order mark or escapes half a character.
  public static let jsonEncoding = Self(rawValue: "json.encoding")
  /// An object lacks a member that it must have.
  public static let jsonMissingMember = Self(rawValue: "json.missing-member")
  /// The document is not in canonical form.
  public static let jsonNotCanonical = Self(rawValue: "json.not-canonical")
  /// A number is out of range, or isn't a number.
  public static let jsonNumberRange = Self(rawValue: "json.number-range")
  /// The bytes aren't a document of RFC 8259, or of the requested dialect.
  public static let jsonSyntax = Self(rawValue: "json.syntax")
  /// The value is of another kind than its member or element must have.
  public static let jsonType = Self(rawValue: "json.type")
  /// An object has a member that it must not have.
  public static let jsonUnknownMember = Self(rawValue: "json.unknown-member")
}
