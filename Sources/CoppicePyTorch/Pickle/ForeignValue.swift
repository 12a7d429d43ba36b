import CoppiceModel

/// Something in a pickle that no tree can hold.
///
/// Nothing is kept of it but its class or kind: what it is made with, and given later, is dropped.
struct ForeignValue: Hashable {
  enum Kind: Hashable {
    /// A function or a class itself, by its full name.
    case name
    /// An object of a class, or the result of a function, by the full name.
    case object
    /// A tensor that no array can be, in words.
    case tensor
    /// Another value, in words.
    case value
  }

  var kind: Kind
  var text: String
  /// How to save it so that it can be read, where that is known.
  var remedy: String?
}

extension ForeignValue {
  /// The value in words.
  var words: String {
    switch kind {
    case .name: "the function or class \(text)"
    case .object: "an object of the class \(text)"
    case .tensor, .value: text
    }
  }

  /// The error that asking for the value throws.
  var error: CoppiceError {
    let code: CoppiceError.Code =
      switch kind {
      case .name, .object: .pytorchGlobal
      case .tensor: .pytorchTensorKind
      case .value: .pytorchValue
      }
    return CoppiceError(
      code,
      words + (kind == .tensor ? " can't be an array" : " can't be represented")
        + (remedy.map { "; " + $0 } ?? ""))
  }
}
