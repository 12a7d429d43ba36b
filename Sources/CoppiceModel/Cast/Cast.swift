/// A conversion of elements from one dtype to another.
///
/// A cast works on pieces of any number of elements, keeps no state between them, and may be used
/// by several threads at once.
public struct Cast: Sendable {
  /// The dtype of the input.
  public let source: DType

  /// The dtype of the output.
  public let target: DType

  /// The allowed change of values.
  public let mode: CastMode

  let elements: ElementCast
  let plan: Plan

  /// The number of elements that are converted and checked together, small enough for the
  /// first-level cache.
  static let blockCount = 4096

  /// Makes a cast.
  ///
  /// - Throws: `cast.unsupported` when the mode has no cast between these dtypes.
  public init(from source: DType, to target: DType, mode: CastMode = .rounding)
    throws(CoppiceError)
  {
    try self.init(from: source, to: target, mode: mode, loops: .best)
  }

  package init(from source: DType, to target: DType, mode: CastMode, loops: VectorLoops)
    throws(CoppiceError)
  {
    try Self.checkIsSupported(from: source, to: target, mode: mode)
    self.source = source
    self.target = target
    self.mode = mode
    self.elements = ElementCast(from: source, to: target, mode: mode)
    self.plan = Plan(elements, loops: loops)
  }

  /// Converts all elements of a piece.
  ///
  /// - Parameters:
  ///   - bytes: The elements, at any alignment.
  ///   - output: Memory for as many elements of the target's dtype, not overlapping `bytes`.
  ///   - firstElement: The index of the piece's first element in the array, for errors.
  /// - Throws: `cast.inexact`, `cast.out-of-range` or `cast.invalid-element`, for the first element
  ///   that can't be converted. The output is then undefined.
  public func apply(
    _ bytes: RawSpan, to output: inout MutableRawSpan, firstElement: Int = 0
  ) throws(CoppiceError) {
    guard let failure = firstFailure(of: bytes, to: &output) else { return }
    throw failure.error(of: elements, element: firstElement + failure.index)
  }

  /// Converts a piece up to the first element that can't be converted, and returns that failure.
  func firstFailure(of bytes: RawSpan, to output: inout MutableRawSpan) -> CastFailure? {
    let count = bytes.byteCount / source.width
    precondition(
      bytes.byteCount == count * source.width && output.byteCount == count * target.width,
      "source and target must have the same number of elements")
    let plan = plan.prepared(forCount: count, elements)
    var first = 0
    while first < count {
      let end = min(first + Self.blockCount, count)
      let block = bytes.extracting((first * source.width)..<(end * source.width))
      var outputBlock = output._mutatingExtracting((first * target.width)..<(end * target.width))
      if plan.convert(block, to: &outputBlock, elements),
        var failure = elements.convert(block, to: &outputBlock)
      {
        failure.index += first
        return failure
      }
      first = end
    }
    return nil
  }
}
