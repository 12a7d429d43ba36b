import CoppiceModel

/// Ends a command that has said all there is to say.
enum ExitStatus {
  /// The answer is no: the input is invalid.
  static let no = CoppiceError(.statusNo, "")
}

extension CoppiceError.Code {
  /// Not a fault: the command's own output says it.
  static let statusNo = Self(rawValue: "status.no")
}
