/// The conversion of single elements, which defines the results of every cast.
///
/// The faster implementations (tables, vectors, integers) are derived from this one or produce the
/// same bits.
struct ElementCast {
  let source: DType
  let target: DType
  let mode: CastMode

  /// The target dtype, or the dtype of its real and imaginary parts.
  let component: DType
  /// The format of the target's floating-point numbers; `nil` for other targets.
  let format: FloatFormat?
  let nans: FloatFormat.NaNRule
  /// Whether ml_dtypes converts to the target by way of float32.
  let goesThroughFloat32: Bool

  init(from source: DType, to target: DType, mode: CastMode) {
    self.source = source
    self.target = target
    self.mode = mode
    component = target.component
    var format = component.floatFormat
    format?.roundsUpAboveLeastPower = mode == .lossy
    self.format = format
    nans = Self.nanRule(from: source.component, to: component)
    goesThroughFloat32 = mode == .lossy && ![.float16, .float32, .float64].contains(component)
  }

  /// The bits of a converted element, or its failure.
  struct Result {
    /// The element, or a complex number's real part.
    var bits: UInt64
    /// A complex number's imaginary part.
    var imaginary: UInt64 = 0
    var failure: CastFailure.Reason?
  }

  func convert(_ number: ElementNumber) -> Result {
    switch target.kind {
    case .bool: convertToBool(number)
    case .signedInteger, .unsignedInteger: convertToInteger(number)
    case .float: convertToReal(number)
    case .complex: convertToComplex(number)
    }
  }

  /// Returns the treatment of NaN payloads by NumPy (float16, float32, float64) and ml_dtypes
  /// (others).
  private static func nanRule(from source: DType, to target: DType) -> FloatFormat.NaNRule {
    switch (source, target) {
    case (.bfloat16, .float16): .canonical
    case (_, .float16): .payload
    case (.float64, .float32), (.float32, .float64), (.bfloat16, .float64): .quieted
    case (_, .float32), (_, .float64): .payload
    default: .canonical
    }
  }
}
