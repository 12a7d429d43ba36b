import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

extension DatasetReader {
  /// Returns the node of a dataset of MATLAB's: an array in MATLAB's orientation, or a text.
  ///
  /// - Throws: `hdf5.*`; `io.*` when texts can't be read.
  mutating func node(
    _ dataset: DatasetOutline, of object: MatlabObject
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    if let refusal = object.refusal { throw refusal }
    try requireInside(dataset)
    if object.isEmpty { return try empty(dataset, object) }
    if let raw = rawForm(dataset) {
      // The bytes of an element stay together, along the last dimension.
      let source = try source(dataset, raw)
      let outer = (0..<(source.shape.rank - raw.inner.count)).reversed()
      return .leaf(ArrayLeaf(try source.transposed(axes: outer + [source.shape.rank - 1])))
    }
    var form = try ElementForm(dataset.type, named: nil)
    if object.className == "char" { return try text(dataset, form) }
    if object.className == "logical", form.width == 1, form.conversion == .none {
      form = ElementForm(dtype: .bool, inner: form.inner, conversion: .truth)
    }
    return .leaf(ArrayLeaf(try source(dataset, form).transposed()))
  }

  /// Returns what has no elements; the dataset holds the extents.
  private mutating func empty(
    _ dataset: DatasetOutline, _ object: MatlabObject
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let source = try source(dataset, ElementForm(dataset.type, named: nil))
    let dtypes: [DType] = [.uint8, .uint16, .uint32, .uint64, .int32, .int64]
    guard dtypes.contains(source.dtype), source.shape.elementCount <= limits.rank else {
      throw CoppiceError(.hdf5Invalid, "an empty array of MATLAB has no extents")
    }
    let width = source.dtype.width
    let extents = try source.load().withBytes { bytes in
      (0..<source.shape.elementCount).compactMap { Int(exactly: Self.number($0, width, bytes)) }
    }
    guard let shape = Shape(extents), extents.count == source.shape.elementCount else {
      throw CoppiceError(.hdf5Invalid, "an empty array of MATLAB has extents of too many digits")
    }
    switch object.className {
    case "char": return .value(.string(""))
    case "cell": return .list([])
    case "struct": return shape.elementCount == 0 ? .list([]) : .dict([])
    default: break
    }
    guard let dtype = object.dtype, shape.elementCount == 0 else {
      throw CoppiceError(.hdf5Invalid, "an array of \(shape) is marked as empty")
    }
    return .leaf(
      ArrayLeaf(
        FillSource(dtype: dtype, shape: shape, fill: Array(repeating: 0, count: dtype.width))))
  }

  /// Returns a text, or an array of texts if it has several rows.
  private mutating func text(
    _ dataset: DatasetOutline, _ form: ElementForm
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    let source = try source(dataset, form)
    let extents = source.shape.dimensions
    guard extents.count <= 2, [.uint8, .uint16, .uint32].contains(source.dtype) else {
      throw CoppiceError(
        .hdf5UnsupportedType, "a char array of MATLAB of \(extents.count) dimensions can't be texts"
      )
    }
    try spend(textBytes: source.shape.elementCount, each: 16)
    let (columns, rows) = (extents.first ?? 1, extents.count == 2 ? extents[1] : 1)
    let width = source.dtype.width
    let texts = try source.load().withBytes { bytes in
      (0..<rows).compactMap { row in
        Self.text(
          (0..<columns).map { column in
            UInt32(truncatingIfNeeded: Self.number(column * rows + row, width, bytes))
          }, width: width)
      }
    }
    guard texts.count == rows else {
      throw CoppiceError(.hdf5Element, "the characters are no valid UTF-\(8 * width)")
    }
    if rows == 1 { return .value(.string(texts[0])) }
    guard let shape = Shape([rows]), let array = TextArray(shape: shape, elements: .strings(texts))
    else { throw CoppiceError(.hdf5Invalid, "the texts have no shape") }
    return .value(.stringArray(array))
  }

  /// Returns one of the numbers of equal width that the bytes are.
  private static func number(_ index: Int, _ width: Int, _ bytes: RawSpan) -> UInt64 {
    var number: UInt64 = 0
    for place in (0..<width).reversed() {
      number =
        number << 8
        | UInt64(unsafe bytes.unsafeLoad(fromByteOffset: index * width + place, as: UInt8.self))
    }
    return number
  }

  private static func text(_ units: [UInt32], width: Int) -> String? {
    switch width {
    case 1: String(validating: units.lazy.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    case 2: String(validating: units.lazy.map { UInt16(truncatingIfNeeded: $0) }, as: UTF16.self)
    default: String(validating: units, as: UTF32.self)
    }
  }
}
