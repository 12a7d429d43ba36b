package import CoppiceModel

extension CoppiceError.Code {
  /// The checkpoint is valid.
  package static let repairNothingToDo = Self(rawValue: "repair.nothing-to-do")
  /// What is lost lies nowhere else.
  package static let repairNotRecoverable = Self(rawValue: "repair.not-recoverable")
}
