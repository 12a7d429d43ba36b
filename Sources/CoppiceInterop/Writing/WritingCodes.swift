package import CoppiceModel

extension CoppiceError.Code {
  /// Something can't be carried over exactly, and the user wants nothing less.
  package static let conversionInexact = Self(rawValue: "conversion.inexact")
}
