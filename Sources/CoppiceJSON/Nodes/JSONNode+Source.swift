internal import CCoppiceSimdjson

extension JSONNode {
  /// Returns whether another value of the same document has the same spelling, byte by byte.
  ///
  /// It may return `false` for equal spellings; it never returns `true` for different ones.
  package func hasSameSource(as other: JSONNode) -> Bool {
    guard tape === other.tape else { return false }
    let count = tape.indexAfter(index) - index
    guard tape.indexAfter(other.index) - other.index == count else { return false }
    let last = tape.entry(index + count - 1)
    let otherLast = tape.entry(other.index + count - 1)
    // The length of an escaped string isn't its length in the source.
    guard last.kind == otherLast.kind, last.flags == otherLast.flags,
      last.length == otherLast.length,
      last.flags & UInt8(csimdjson_flag_escaped.rawValue) == 0
    else { return false }
    let start = Int(entry.offset)
    let otherStart = Int(other.entry.offset)
    let length = Int(last.offset) - start + (last.isContainer ? 1 : Int(last.length) + 1)
    guard Int(otherLast.offset) - otherStart == Int(last.offset) - start else { return false }
    // Only closing brackets follow the last scalar, as many on both sides.
    return tape.withSource { source in
      guard start + length <= source.count, otherStart + length <= source.count else {
        return false
      }
      let text = source.extracting(start..<(start + length))
      return text.isEqual(to: source.extracting(otherStart..<(otherStart + length)))
    }
  }
}
