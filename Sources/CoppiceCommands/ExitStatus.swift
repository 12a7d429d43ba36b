import CoppiceModel

/// Ends a command that has said all there is to say.
enum ExitStatus {
  /// The answer is no: the input is invalid, or two inputs differ.
  static let no = CoppiceError(.statusNo, "")

  /// There is no answer, whatever the code of the error that the command has printed.
  static let couldNotTell = CoppiceError(.statusCouldNotTell, "")
}

extension CoppiceError.Code {
  /// Not a fault: the command's own output says it.
  static let statusNo = Self(rawValue: "status.no")
  /// The command has said why there is no answer.
  static let statusCouldNotTell = Self(rawValue: "operation.could-not-tell")

  /// Whether all has been said.
  var isStatus: Bool { self == .statusNo || self == .statusCouldNotTell }
}
