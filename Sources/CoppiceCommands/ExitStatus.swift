import Coppice

/// Errors that end a command which has already printed its output.
enum ExitStatus {
  /// The answer is no: the input is invalid, or two inputs differ.
  static let no = CoppiceError(.statusNo, "")

  /// There is no answer, whatever the code of the printed error.
  static let couldNotTell = CoppiceError(.statusCouldNotTell, "")
}

extension CoppiceError.Code {
  /// The answer is no, as the command's output says; this isn't a fault.
  static let statusNo = Self(rawValue: "status.no")
  /// The command has printed why it could not tell.
  static let statusCouldNotTell = Self(rawValue: "operation.could-not-tell")

  /// Whether the command has already printed everything.
  var isStatus: Bool { self == .statusNo || self == .statusCouldNotTell }
}
