/// The check that no element has bits set that its type doesn't use.
///
/// Spec: MOD-12.
package enum ElementCheck {
  /// The bytes that are looked at before the result is asked for: few enough for the nearest cache.
  private static let blockBytes = 16 << 10

  /// Checks elements, at the speed of memory; types that use all of their bits cost nothing.
  ///
  /// - Parameter index: Gives the index in the array, in C order, of an element of the piece.
  /// - Throws: `arrays.bad-element` for the first bad element.
  package static func check(
    _ piece: RawSpan, _ dtype: DType, index: (Int) -> Int = { $0 }
  ) throws(CoppiceError) {
    let unused = dtype.unusedBits
    guard unused != 0 else { return }
    for start in stride(from: 0, to: piece.byteCount, by: blockBytes) {
      let block = piece.extracting(start..<min(start + blockBytes, piece.byteCount))
      guard block.hasBits(unused) else { continue }
      for place in 0..<block.byteCount {
        let byte = unsafe block.unsafeLoad(fromByteOffset: place, as: UInt8.self)
        if byte & unused != 0 { throw fault(byte, dtype, index(start + place)) }
      }
    }
  }

  private static func fault(_ byte: UInt8, _ dtype: DType, _ index: Int) -> CoppiceError {
    CoppiceError(
      .arraysBadElement,
      "element \(index) of the \(dtype) array is the byte \(byte), which has bits set that \(dtype) "
        + "doesn't use; "
        + (dtype == .bool
          ? "`boolValues: .normalize` takes it as true"
          : "the data are damaged or of another type"))
  }
}

extension RawSpan {
  /// Tells whether any byte has one of some bits.
  func hasBits(_ bits: UInt8) -> Bool {
    guard bits != 0 else { return false }
    return unsafe withUnsafeBytes { bytes in
      // Whole words first: compilers make vectors of them.
      let words = bytes.count / 8
      var seen: UInt64 = 0
      for word in 0..<words {
        unsafe seen |= bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
      }
      var rest: UInt8 = 0
      for index in (words * 8)..<bytes.count { unsafe rest |= bytes[index] }
      return (seen & (UInt64(bits) &* 0x0101_0101_0101_0101)) != 0 || rest & bits != 0
    }
  }
}
