import CoppiceModel

/// The description of a value in a pickle that no tree can hold.
struct ForeignValue: Hashable {
  enum Kind: Hashable {
    /// A function or a class itself, with its full name.
    case name
    /// An object of a class, or the result of a function, with the full name.
    case object
    /// The result of a function, with its full name.
    case result
    /// A tensor that no array can represent, with a description.
    case tensor
    /// Another value, with a description.
    case value
  }

  var kind: Kind
  var text: String
  /// A way to save the value so that it can be read, where one is known.
  var remedy: String?
}

extension ForeignValue {
  /// A description of the value, for messages.
  var words: String {
    switch kind {
    case .name: "the function or class \(text)"
    case .object: "an object of the class \(text)"
    case .result: "the result of the function \(text)"
    case .tensor, .value: text
    }
  }

  /// The error that reading the value throws.
  var error: CoppiceError {
    let code: CoppiceError.Code =
      switch kind {
      case .name, .object, .result: .pytorchGlobal
      case .tensor: .pytorchTensorKind
      case .value: .pytorchValue
      }
    return CoppiceError(
      code,
      words + (kind == .tensor ? " can't be an array" : " can't be represented")
        + (remedy.map { "; " + $0 } ?? ""))
  }
}
