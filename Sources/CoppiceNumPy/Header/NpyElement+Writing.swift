import CoppiceFiles
import CoppiceModel

/// The elements of an array in a form that an array file can hold, with the type's name there.
struct WritableElements {
  /// The type's name in the header.
  var descr: String
  var source: any ArraySource

  /// The message of a note, if the type isn't the array's own.
  var note: String?

  private static let names: [DType: String] = [
    .bool: "|b1", .int8: "|i1", .int16: "<i2", .int32: "<i4", .int64: "<i8", .uint8: "|u1",
    .uint16: "<u2", .uint32: "<u4", .uint64: "<u8", .float16: "<f2", .float32: "<f4",
    .float64: "<f8", .complex64: "<c8", .complex128: "<c16",
  ]

  /// The types that are written unchanged.
  static var dtypes: [DType] { Array(names.keys) }

  /// Finds the type and the elements for an array.
  ///
  /// - Returns: `nil` when the size of the array overflows.
  init?(_ source: any ArraySource) {
    let shape = source.shape
    if let name = Self.names[source.dtype] {
      self.init(name, source, nil)
      return
    }
    switch source.dtype {
    case .bfloat16:
      // `numpy.savez` writes this too; a view restores the type.
      self.init(
        "<V2", source,
        "NumPy doesn't record bfloat16; written as 2 opaque bytes, which "
          + "`.view(ml_dtypes.bfloat16)` names again")
    case .int2, .int4:
      self.init(
        "|i1", MappedBytesSource(signExtending: source),
        "\(source.dtype) is not in the format; the values are written as int8")
    case .uint2, .uint4:
      self.init(
        "|u1", ReinterpretedSource(source, dtype: .uint8, shape: shape),
        "\(source.dtype) is not in the format; the values are written as uint8")
    default:
      self.init(
        "|u1", ReinterpretedSource(source, dtype: .uint8, shape: shape),
        "\(source.dtype) is not in the format; the bits are written as uint8")
    }
  }

  private init?(_ descr: String, _ source: (any ArraySource)?, _ note: String?) {
    guard let source else { return nil }
    self.descr = descr
    self.source = source
    self.note = note
  }
}

extension NpyHeader {
  /// Returns the bytes of a header in NumPy's layout: data begin at a multiple of 64.
  static func encode(descr: String, shape: Shape) -> [UInt8] {
    let extents = shape.dimensions.map(String.init).joined(separator: ", ")
    let tuple = shape.rank == 1 ? "(\(extents),)" : "(\(extents))"
    var text = Array(
      "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    // NumPy leaves room for the first extent to grow.
    if let first = shape.dimensions.first {
      text += repeatElement(0x20, count: 21 - String(first).utf8.count)
    }
    // The longest possible shape, of the greatest rank that readers allow, fits in version 1.
    let fixed = magic.count + 4
    while (fixed + text.count + 1) % 64 != 0 { text.append(0x20) }
    text.append(0x0A)
    let length = [
      UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8),
    ]
    return magic + [1, 0] + length + text
  }
}
