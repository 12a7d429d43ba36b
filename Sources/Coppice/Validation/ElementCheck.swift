import CoppiceFormat
import CoppiceModel

/// Elements whose bits no value of their type has.
///
/// Spec: MOD-12.
enum ElementCheck {
  /// Checks a piece.
  ///
  /// - Throws: `arrays.bad-element`.
  static func check(_ piece: RawSpan, _ dtype: DType) throws(CoppiceError) {
    guard dtype.significantBits < 8 else { return }
    let limit = UInt8(1) << dtype.significantBits
    for index in 0..<piece.byteCount
    where unsafe piece.unsafeLoad(fromByteOffset: index, as: UInt8.self) >= limit {
      throw CoppiceError(
        .arraysBadElement, "an element has bits set that no \(dtype) has")
    }
  }
}
