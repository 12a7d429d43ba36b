extension NDArray: CustomStringConvertible {
  /// The elements as NumPy prints them, with type and shape: `[1.  2.5 3. ] float32 [3]`.
  ///
  /// Of more than 1000 elements only the first and last three along each dimension are shown. See
  /// `text(_:)` for other choices.
  public var description: String { "\(elementText) \(dtype) \(shape)" }

  /// Type and shape in one line, with the elements where these are few.
  var outline: String {
    let isSmall = shape.rank < 2 && shape.elementCount <= 6
    var options = ArrayTextOptions()
    options.lineWidth = .max
    return "\(dtype) \(shape)" + (isSmall ? "  " + ((try? text(options)) ?? "") : "")
  }

  /// The text of an array in memory, whose reading can't fail.
  private var elementText: String { (try? text()) ?? "" }
}
