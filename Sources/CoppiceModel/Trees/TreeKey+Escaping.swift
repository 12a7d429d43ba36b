extension TreeKey {
  /// Makes a key of its escaped text; `nil` for a text that no key has.
  ///
  /// Spec: MOD-16, MOD-17.
  public init?(escaped text: String) {
    if text.hasPrefix("%#") {
      guard let number = Int(text.dropFirst(2)), "%#\(number)" == text else { return nil }
      self = .integer(number)
      return
    }
    if text == "%empty" {
      self = .string("")
      return
    }
    guard let key = PercentEscapes.decode(text) else { return nil }
    self = .string(key)
    // One spelling only: what escapes to something else was never written.
    let spelled = TreePath.Component.key(self).escaped
    guard spelled.utf8.elementsEqual(text.utf8) else { return nil }
  }
}
