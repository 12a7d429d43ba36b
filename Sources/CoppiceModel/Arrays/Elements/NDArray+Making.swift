extension NDArray {
  /// Makes an array whose bytes are all zero: of numbers, of `false`.
  ///
  /// The one element type without a zero, `float8_e8m0fnu`, has its least number, 2⁻¹²⁷.
  ///
  /// - Throws: `limit.memory`.
  public static func zeros(_ dtype: DType, shape: Shape) throws(CoppiceError) -> NDArray {
    try NDArray(dtype: dtype, shape: shape) { _ in }
  }

  /// Makes an array of equal elements: `NDArray.full(1 as Float, shape: [2, 3])`.
  ///
  /// - Throws: `limit.memory`.
  public static func full<Element: ArrayElement>(
    _ element: Element, shape: Shape
  ) throws(CoppiceError) -> NDArray {
    let nesting = Element.nesting
    return try NDArray(dtype: nesting.dtype, shape: shape) { (bytes: inout MutableRawSpan) in
      for index in 0..<shape.elementCount {
        nesting.copy(element, &bytes, index * nesting.dtype.width)
      }
    }
  }

  /// Returns the array with its elements converted; itself where they are of the type and valid.
  ///
  /// - Parameters:
  ///   - dtype: The type of the result's elements.
  ///   - mode: How much values may change.
  /// - Throws: `cast.unsupported` when the mode has no cast between the two types; `cast.inexact`,
  ///   `cast.out-of-range` or `cast.invalid-element` for the first element that can't be converted;
  ///   `limit.memory`.
  public func cast(
    to dtype: DType, mode: CastMode = .rounding
  ) throws(CoppiceError) -> NDArray {
    try CastingSource(self, to: dtype, mode: mode).load()
  }

  /// Returns one element: `array.element(1, 2, as: Float.self)`, or the only one of a scalar.
  ///
  /// For many elements, `elements(as:)` and `withElements(as:_:)` are faster.
  ///
  /// - Parameters:
  ///   - indices: One a dimension.
  ///   - type: The Swift type of the element.
  /// - Throws: `model.out-of-bounds` when there is no such element; `model.element-type` and
  ///   `cast.invalid-element` as `elements(as:)`.
  public func element<Element: ArrayElement>(
    _ indices: Int..., as type: Element.Type = Element.self
  ) throws(CoppiceError) -> Element {
    let one = Shape(indices.map { _ in 1 })
    guard let one, let box = ArrayBox(offset: indices, shape: one), box.isContained(in: shape),
      let element = try slice(box).elements(as: type).first
    else {
      throw CoppiceError(
        .modelOutOfBounds, "an array of the shape \(shape) has no element \(indices)")
    }
    return element
  }
}
