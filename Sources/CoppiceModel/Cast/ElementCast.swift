/// The conversion of single elements: where every cast's results are defined.
///
/// The faster ways (tables, vectors, integers) are made from this one or give the same bits.
struct ElementCast {
  let source: DType
  let target: DType
  let mode: CastMode

  /// The target's own type, or that of its real and imaginary part.
  let component: DType
  /// The bits of the target's floating-point numbers, where it has them.
  let format: FloatFormat?
  let nans: FloatFormat.NaNRule
  /// Whether ml_dtypes goes through float32 to reach the target.
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

  /// The bits of an element of the target, or what is wrong with it.
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

  /// What NumPy (float16, float32, float64) and ml_dtypes (all others) do with a NaN's payload.
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
