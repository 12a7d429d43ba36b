/// A kind of message on standard error; the label in front of the text says which.
enum MessageKind {
  case error, warning, note

  /// The label, on terminals in a color of its own.
  func label(isColored: Bool) -> String {
    let (word, color) =
      switch self {
      case .error: ("coppice:", 31)
      case .warning: ("coppice: warning:", 33)
      case .note: ("coppice: note:", 36)
      }
    return isColored ? "\u{1B}[1;\(color)m\(word)\u{1B}[0m" : word
  }
}
