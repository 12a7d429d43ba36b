import CCoppiceShuffle
import CoppiceModel

/// The byte shuffle, which is HDF5's shuffle filter.
///
/// It puts the first bytes of all elements first, then all second bytes, and so on. Bytes after the
/// last whole element stay where they are.
package enum ByteShuffle {
  /// Groups the bytes of equal index in their elements.
  package static func shuffle(
    _ source: RawSpan, width: Int, into target: inout MutableRawSpan
  ) {
    unsafe rearrange(source, width: width, into: &target) { unsafe cshuffle_split($0, $1, $2, $3) }
  }

  /// Undoes `shuffle`.
  package static func unshuffle(
    _ source: RawSpan, width: Int, into target: inout MutableRawSpan
  ) {
    unsafe rearrange(source, width: width, into: &target) { unsafe cshuffle_join($0, $1, $2, $3) }
  }

  private static func rearrange(
    _ source: RawSpan, width: Int, into target: inout MutableRawSpan,
    _ loop: (UnsafeRawPointer, UnsafeMutableRawPointer, Int, Int) -> Void
  ) {
    precondition(source.byteCount == target.byteCount, "source and target have one size")
    let count = width > 1 ? source.byteCount / width : 0
    unsafe source.withUnsafeBytes { from in
      unsafe target.withUnsafeMutableBytes { to in
        guard let from = from.baseAddress, let to = to.baseAddress else { return }
        unsafe loop(from, to, count, width)
      }
    }
    let whole = count * width
    target.copy(from: source.extracting(whole..<source.byteCount), at: whole)
  }
}
