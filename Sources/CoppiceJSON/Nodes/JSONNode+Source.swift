internal import CCoppiceSimdjson

extension JSONNode {
  /// Whether another value of the same document is spelled the same, byte by byte.
  ///
  /// It may say no for values that are equal; it never says yes for others.
  package func hasSameSource(as other: JSONNode) -> Bool {
    guard tape === other.tape else { return false }
    let count = tape.indexAfter(index) - index
    guard tape.indexAfter(other.index) - other.index == count else { return false }
    let last = tape.entry(index + count - 1)
    let otherLast = tape.entry(other.index + count - 1)
    // An escaped string's length isn't that of its source.
    guard last.kind == otherLast.kind, last.flags == otherLast.flags,
      last.length == otherLast.length,
      last.flags & UInt8(csimdjson_flag_escaped.rawValue) == 0
    else { return false }
    let start = Int(entry.offset)
    let otherStart = Int(other.entry.offset)
    let length = Int(last.offset) - start + (last.isContainer ? 1 : Int(last.length) + 1)
    guard Int(otherLast.offset) - otherStart == Int(last.offset) - start else { return false }
    // After the last scalar only brackets close, as many on both sides.
    return tape.withSource { source in
      guard start + length <= source.count, otherStart + length <= source.count else {
        return false
      }
      let text = source.extracting(start..<(start + length))
      return text.isEqual(to: source.extracting(otherStart..<(otherStart + length)))
    }
  }
}
