/// The choices of an array's text, which are those of NumPy's `array2string`.
public struct ArrayTextOptions: Hashable, Sendable {
  /// The most digits after the decimal point of NumPy's own floats.
  public var precision = 8

  /// The number of elements up to which all are shown; `nil` shows all of any array.
  public var threshold: Int? = 1000

  /// The number of elements shown at each end of a dimension whose middle is left out.
  public var edgeItems = 3

  /// The number of characters of a line.
  public var lineWidth = 75

  /// Makes the choices that NumPy makes.
  public init() {}
}
