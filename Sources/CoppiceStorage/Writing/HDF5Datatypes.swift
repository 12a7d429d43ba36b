import CoppiceFiles
package import CoppiceHDF5
package import CoppiceModel
import SystemPackage

extension DType {
  /// Makes the HDF5 datatype of an element.
  ///
  /// Dtypes without an HDF5 datatype are stored as unsigned integers with a `dtype` attribute.
  ///
  /// Spec: ARR-4, ARR-29.
  func makeDatatype() throws(HDF5Error) -> Datatype {
    switch self {
    case .bool: try .bool()
    case .int8, .int16, .int32, .int64: try .integer(byteCount: width, isSigned: true)
    case .float16: try .float16()
    case .bfloat16: try .bfloat16()
    case .float32: try .float32()
    case .float64: try .float64()
    case .complex64: try .complex(of: .float32())
    case .complex128: try .complex(of: .float64())
    default: try .integer(byteCount: width, isSigned: false)
    }
  }

  /// The description of the HDF5 datatype of such elements.
  package var typeDescription: TypeDescription {
    switch self {
    case .bool: .bool
    case .int8, .int16, .int32, .int64: .integer(byteCount: width, isSigned: true)
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    case .complex64: .complex64
    case .complex128: .complex128
    default: .integer(byteCount: width, isSigned: false)
    }
  }

  /// Whether the HDF5 datatype alone identifies the dtype.
  package var isNativeInHDF5: Bool {
    switch self {
    case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    case .float16, .bfloat16, .float32, .float64, .complex64, .complex128: true
    default: false
    }
  }

  /// The fill value that HDF5-only readers see where a source of a virtual dataset is missing: NaN
  /// for floating-point types, zero for others.
  ///
  /// Spec: ARR-36.
  var virtualFill: [UInt8] {
    switch self {
    case .float16: [0x00, 0x7E]
    case .bfloat16: [0xC0, 0x7F]
    case .float32: [0, 0, 0xC0, 0x7F]
    case .float64: [0, 0, 0, 0, 0, 0, 0xF8, 0x7F]
    case .complex64: DType.float32.virtualFill + DType.float32.virtualFill
    case .complex128: DType.float64.virtualFill + DType.float64.virtualFill
    default: Array(repeating: 0, count: width)
    }
  }
}

extension CoppiceError {
  /// Returns the error for a failure of libhdf5 in one of our files.
  static func hdf5(_ error: HDF5Error, file: String) -> CoppiceError {
    if let number = error.errno {
      return .system(Errno(rawValue: number), "write the file", file: file)
    }
    return CoppiceError(
      .ioFailed, "HDF5 can't write: \(error.description)", at: .init(file: file),
      cause: .other(error))
  }
}
