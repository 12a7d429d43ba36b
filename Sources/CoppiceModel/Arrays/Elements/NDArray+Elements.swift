extension NDArray {
  /// Makes an array of numbers, or of rows of numbers: `NDArray([[1, 2], [3, 4]] as [[Float]])`.
  ///
  /// As in NumPy, literals without a type are 64-bit: `NDArray([1, 2])` is an array of `int64`.
  ///
  /// - Parameters:
  ///   - elements: The elements, or nested lists of them.
  ///   - shape: The extents; `nil` for those of the nesting. The elements are taken in C order.
  /// - Throws: `model.ragged` when rows differ in length, `model.byte-count` when the shape has another
  ///   number of elements, `limit.memory`.
  public init<Element: NestedElements>(
    _ elements: [Element], shape: Shape? = nil
  ) throws(CoppiceError) {
    guard let array = try NDArray(nested: elements) else {
      throw CoppiceError(
        .modelRagged, "the rows are of different lengths; an array's rows must have equal ones")
    }
    guard let shape else {
      self = array
      return
    }
    guard shape.elementCount == array.shape.elementCount else {
      throw CoppiceError(
        .modelByteCount,
        "the shape \(shape) has \(shape.elementCount) elements, "
          + "but \(array.shape.elementCount) were given")
    }
    self.init(dtype: array.dtype, shape: shape, storage: array.storage)
  }

  /// Makes an array of nested elements; `nil` where rows are of different lengths.
  package init?<Nested: NestedElements>(nested elements: Nested) throws(CoppiceError) {
    let nesting = Nested.nesting
    guard let extents = nesting.extents(elements), let shape = Shape(extents) else { return nil }
    try self.init(dtype: nesting.dtype, shape: shape) { (bytes: inout MutableRawSpan) in
      nesting.copy(elements, &bytes, 0)
    }
  }

  /// Makes an array without dimensions, of one element.
  ///
  /// - Throws: `limit.memory`.
  public init<Element: ArrayElement>(scalar element: Element) throws(CoppiceError) {
    let nesting = Element.nesting
    try self.init(dtype: nesting.dtype, shape: .scalar) { (bytes: inout MutableRawSpan) in
      nesting.copy(element, &bytes, 0)
    }
  }

  /// The elements in C order, whatever the shape.
  ///
  /// Nothing is converted: see `CastingSource` for that.
  ///
  /// - Throws: `model.element-type` when the array's elements are of another type,
  ///   `cast.invalid-element` when a `bool` is neither 0 nor 1.
  public func elements<Element: ArrayElement>(
    as type: Element.Type = Element.self
  ) throws(CoppiceError) -> [Element] {
    try check(type)
    return withBytes { [Element].nesting.make($0, [shape.elementCount]) }
  }

  /// The elements as nested Swift arrays, one level a dimension.
  ///
  /// - Throws: `model.element-type` and `cast.invalid-element` as `elements(as:)`, `model.rank` when
  ///   the array hasn't as many dimensions as the type has levels, or has too many rows without elements.
  public func nested<Nested: NestedElements>(
    as type: Nested.Type = Nested.self
  ) throws(CoppiceError) -> Nested {
    let nesting = Nested.nesting
    try check(dtype: nesting.dtype, as: type)
    guard shape.rank == nesting.rank else {
      throw CoppiceError(
        .modelRank,
        "the array has the shape \(shape), which is \(shape.rank) dimensions; "
          + "\(Nested.self) has \(nesting.rank)")
    }
    guard rowCountIsBounded else {
      throw CoppiceError(.modelRank, "the shape \(shape) has too many rows without elements")
    }
    return withBytes { nesting.make($0, shape.dimensions[...]) }
  }

  /// Lends the elements in C order, where they lie.
  ///
  /// - Throws: What `elements(as:)` throws, and what `body` throws.
  public func withElements<Element: ArrayElement, Result>(
    as type: Element.Type = Element.self, _ body: (Span<Element>) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    try check(type)
    return try withBytes { (bytes: RawSpan) throws(CoppiceError) in
      try body(Span(_bytes: bytes))
    }
  }

  func check<Element: ArrayElement>(_ type: Element.Type) throws(CoppiceError) {
    try check(dtype: Element.nesting.dtype, as: type)
  }

  private func check(dtype wanted: DType, as type: Any.Type) throws(CoppiceError) {
    guard dtype == wanted else {
      throw CoppiceError(
        .modelElementType,
        "the elements are \(dtype), not \(wanted), which \(type) asks for; convert them first")
    }
    // A Bool of another byte than 0 and 1 is undefined behaviour.
    guard dtype == .bool else { return }
    let cast = try Cast(from: .bool, to: .uint8, mode: .exact)
    try withBytes { (bytes: RawSpan) throws(CoppiceError) in
      var output = [UInt8](repeating: 0, count: min(bytes.byteCount, Cast.blockCount))
      var offset = 0
      while offset < bytes.byteCount {
        let count = min(output.count, bytes.byteCount - offset)
        var span = output.mutableSpan
        var target = unsafe span.mutableBytes
        var piece = target._mutatingExtracting(first: count)
        try cast.apply(
          bytes.extracting(offset..<(offset + count)), to: &piece, firstElement: offset)
        offset += count
      }
    }
  }

  /// Whether nested Swift arrays of this shape take memory in proportion to the array's own.
  ///
  /// An array without elements may have as many rows as its shape says.
  private var rowCountIsBounded: Bool {
    guard shape.elementCount == 0 else { return true }
    var rows = 1
    for extent in shape.dimensions.prefix(while: { $0 > 0 }) {
      let (next, overflow) = rows.multipliedReportingOverflow(by: extent)
      guard !overflow, next <= ReadLimits.standard.leaves else { return false }
      rows = next
    }
    return true
  }
}
