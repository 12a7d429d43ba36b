import CoppiceModel

/// The byte shuffle that HDF5 calls its shuffle filter: first bytes of all elements, then all second
/// bytes, and so on.
///
/// Bytes past the last whole element stay where they are.
package enum ByteShuffle {
  /// Puts bytes of the same place together.
  package static func shuffle(
    _ source: RawSpan, width: Int, into target: inout MutableRawSpan
  ) {
    unsafe rearrange(source, width: width, into: &target) { from, to, count in
      // What the fast loops leave over.
      var rest = count / Planes.lanes * Planes.lanes
      switch width {
      case 2: unsafe Planes.split2(from, to, count, stride: count)
      case 4: unsafe Planes.split4(from, to, count, stride: count)
      case 8: unsafe Planes.split8(from, to, count, stride: count)
      case 16: unsafe Planes.split16(from, to, count, stride: count)
      default: rest = 0
      }
      unsafe Planes.split(from, to, from: rest, count, width: width)
    }
  }

  /// Undoes `shuffle`.
  package static func unshuffle(
    _ source: RawSpan, width: Int, into target: inout MutableRawSpan
  ) {
    unsafe rearrange(source, width: width, into: &target) { from, to, count in
      var rest = count / Planes.lanes * Planes.lanes
      switch width {
      case 2: unsafe Planes.join2(from, to, count, stride: count)
      case 4: unsafe Planes.join4(from, to, count, stride: count)
      case 8: unsafe Planes.join8(from, to, count, stride: count)
      case 16: unsafe Planes.join16(from, to, count, stride: count)
      default: rest = 0
      }
      unsafe Planes.join(from, to, from: rest, count, width: width)
    }
  }

  private static func rearrange(
    _ source: RawSpan, width: Int, into target: inout MutableRawSpan,
    _ loop: (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void
  ) {
    precondition(source.byteCount == target.byteCount, "source and target have one size")
    let count = width > 1 ? source.byteCount / width : 0
    unsafe source.withUnsafeBytes { from in
      unsafe target.withUnsafeMutableBytes { to in
        guard let from = from.baseAddress, let to = to.baseAddress else { return }
        unsafe loop(from, to, count)
      }
    }
    let whole = count * width
    target.copy(from: source.extracting(whole..<source.byteCount), at: whole)
  }
}
