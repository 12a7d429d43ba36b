import CoppiceModel

/// A view of a tensor that is marked to be conjugated or negated before use.
///
/// Both change nothing but signs.
struct MarkedSource: ArraySource {
  private let base: any ArraySource

  /// The width of a number, and whether the sign of each of a pair of numbers changes.
  private let width: Int
  private let changes: (Bool, Bool)

  /// Makes a view; `nil` for elements that have no sign of their own.
  init?(_ base: any ArraySource, isConjugated: Bool, isNegated: Bool) {
    switch base.dtype.kind {
    case .complex:
      width = base.dtype.width / 2
      changes = (isNegated, isNegated != isConjugated)
    case .float where base.dtype.width > 1:
      width = base.dtype.width
      changes = (isNegated, isNegated)
    default: return nil
    }
    self.base = base
  }

  var dtype: DType { base.dtype }
  var shape: Shape { base.shape }
  var decodingUnit: Shape { base.decodingUnit }
  var view: ArrayView? { base.view }
  var identity: ArrayIdentity? { base.identity?.changed("signs \(changes)") }

  func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try base.places(at: path)
  }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    try base.read(range, into: &bytes)
    // Elements are little-endian: the sign is the first bit of a number's last byte.
    let count = bytes.byteCount / width
    unsafe bytes.withUnsafeMutableBytes { bytes in
      for index in 0..<count where index.isMultiple(of: 2) ? changes.0 : changes.1 {
        unsafe bytes[(index + 1) * width - 1] ^= 0x80
      }
    }
  }
}
