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
    precondition(source.byteCount == target.byteCount, "source and target have one size")
    guard width > 1, source.byteCount >= width else {
      target.copy(from: source, at: 0)
      return
    }
    let count = source.byteCount / width
    unsafe source.withUnsafeBytes { from in
      unsafe target.withUnsafeMutableBytes { to in
        guard let from = from.baseAddress, let to = to.baseAddress else { return }
        switch width {
        case 2: unsafe Planes.split2(from, to, count)
        case 4: unsafe Planes.split4(from, to, count)
        case 8: unsafe Planes.split8(from, to, count)
        default: unsafe Planes.split(from, to, count, width: width)
        }
      }
    }
    let whole = count * width
    target.copy(from: source.extracting(whole..<source.byteCount), at: whole)
  }

  /// Undoes `shuffle`.
  package static func unshuffle(
    _ source: RawSpan, width: Int, into target: inout MutableRawSpan
  ) {
    precondition(source.byteCount == target.byteCount, "source and target have one size")
    guard width > 1, source.byteCount >= width else {
      target.copy(from: source, at: 0)
      return
    }
    let count = source.byteCount / width
    unsafe source.withUnsafeBytes { from in
      unsafe target.withUnsafeMutableBytes { to in
        guard let from = from.baseAddress, let to = to.baseAddress else { return }
        switch width {
        case 2: unsafe Planes.join2(from, to, count)
        case 4: unsafe Planes.join4(from, to, count)
        case 8: unsafe Planes.join8(from, to, count)
        default: unsafe Planes.join(from, to, count, width: width)
        }
      }
    }
    let whole = count * width
    target.copy(from: source.extracting(whole..<source.byteCount), at: whole)
  }
}
