import CoppiceHDF5
import CoppiceModel

/// The form in which the elements of an array are written.
struct OutputElement: Hashable, Sendable {
  /// The datatype in the file.
  enum Form: Hashable, Sendable {
    case integer(isSigned: Bool)
    case bool
    case float
    case complex
    /// Bytes that HDF5 doesn't interpret; the attribute `dtype` names the type, as Keras does it.
    case opaque
  }

  var form: Form
  /// The dtype of the elements in the file.
  var dtype: DType
  /// The message about what is lost; `nil` if nothing is.
  var note: String?

  /// Chooses the form for a dtype; every dtype has one.
  init(of dtype: DType) {
    self.dtype = dtype
    switch dtype {
    case .bool: form = .bool
    case .int2, .int4:
      form = .integer(isSigned: true)
      self.dtype = .int8
    case .uint2, .uint4:
      form = .integer(isSigned: false)
      self.dtype = .uint8
    case .int8, .int16, .int32, .int64: form = .integer(isSigned: true)
    case .uint8, .uint16, .uint32, .uint64: form = .integer(isSigned: false)
    case .float16, .bfloat16, .float32, .float64: form = .float
    case .complex64, .complex128: form = .complex
    default: form = .opaque
    }
    if self.dtype != dtype {
      note = "HDF5 has no \(dtype); the values are written as \(self.dtype)"
    }
  }

  /// The dtypes that are written unchanged.
  static let kept = DType.allCases.filter { OutputElement(of: $0).note == nil }
}

extension OutputElement {
  /// Makes the datatype.
  func datatype() throws(HDF5Error) -> Datatype {
    switch (form, dtype) {
    case (.bool, _): try .bool()
    case (.integer(let isSigned), _): try .integer(byteCount: dtype.width, isSigned: isSigned)
    case (.float, .float16): try .float16()
    case (.float, .bfloat16): try .bfloat16()
    case (.float, .float32): try .float32()
    case (.float, _): try .float64()
    case (.complex, .complex64): try .complex(of: .float32())
    case (.complex, _): try .complex(of: .float64())
    case (.opaque, _): try .opaque(byteCount: dtype.width, tag: "")
    }
  }
}
