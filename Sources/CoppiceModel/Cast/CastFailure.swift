/// The first element of a piece that could not be converted.
struct CastFailure {
  /// The reason of a failure.
  enum Reason {
    /// Bits are set that the source's dtype doesn't use.
    case invalidElement
    /// The target has no such value, although its range may include it.
    case inexact
    /// The value is out of the target's range.
    case outOfRange
  }

  /// The element's index in the piece.
  var index: Int
  var reason: Reason

  /// The element; `nil` when its bytes have no meaning.
  var number: ElementNumber?
  /// The element as text.
  var text: String
}

extension CastFailure {
  /// Returns the failure as an error that names the element by its index in the array.
  func error(of cast: ElementCast, element: Int) -> CoppiceError {
    let (source, target) = (cast.source, cast.target)
    switch reason {
    case .invalidElement:
      return CoppiceError(
        .castInvalidElement,
        "element \(element) of the \(source) array is the byte \(text), which has bits set that "
          + "\(source) doesn't use; the data are damaged or of another type")
    case .inexact:
      let gentler = isRoundable(cast) ? "rounding" : "lossy"
      return CoppiceError(
        .castInexact,
        "element \(element) of the \(source) array is \(text), which \(target) can't hold exactly; "
          + "use \(gentler) mode if it may change")
    case .outOfRange:
      return CoppiceError(
        .castOutOfRange,
        "element \(element) of the \(source) array is \(text), which is out of the range of "
          + "\(target); use a wider type, or lossy mode if it may change")
    }
  }

  /// Returns whether rounding mode would convert the element that exact mode refuses.
  private func isRoundable(_ cast: ElementCast) -> Bool {
    guard let number, cast.mode == .exact,
      Cast.isSupported(from: cast.source, to: cast.target, mode: .rounding)
    else { return false }
    let rounding = ElementCast(from: cast.source, to: cast.target, mode: .rounding)
    return rounding.convert(number).failure == nil
  }
}
