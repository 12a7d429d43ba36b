/// The arrays among several whose stored bytes are those of another, or a part of them: tied arrays.
package struct ArrayTies {
  /// The place of an array in the bytes of its owner.
  package struct Place: Sendable {
    /// The index of the array that has all the bytes; the array's own if it isn't tied to a larger or an earlier one.
    package var owner: Int
    /// The offset of the first element, in elements.
    package var offset = 0
  }

  /// The places, in the order of the arrays.
  package private(set) var places: [Place]

  /// For arrays that share stored bytes with another in another way, the index of that one: views in another order,
  /// views of other types or with other signs, and parts that reach beyond each other.
  package private(set) var views: [Int: Int] = [:]

  /// Looks for ties, without reading array data.
  package init(of sources: [any ArraySource]) {
    places = sources.indices.map { Place(owner: $0) }
    for group in Self.groups(sources) {
      var current = group[0]
      for next in group.dropFirst() {
        // The bytes are those in the source, before any cast.
        let start = next.bytes.offset - current.bytes.offset
        guard start % next.width == 0, start + next.bytes.byteCount <= current.bytes.byteCount
        else {
          current = next
          continue
        }
        places[next.index] = Place(owner: current.index, offset: start / next.width)
      }
    }
    findViews(sources)
  }

  /// The bytes from the first element of an array to its last.
  private struct Range {
    var index: Int
    var start: Int
    var end: Int
    var isView: Bool
    /// Whether each of the bytes is one of the elements', so that what begins or ends in the range shares some.
    var isDense: Bool

    init(_ index: Int, _ bytes: ByteIdentity, isView: Bool, isDense: Bool) {
      (self.index, self.isView, self.isDense) = (index, isView, isDense)
      (start, end) = (bytes.offset, bytes.offset + bytes.byteCount)
    }

    /// The range as it is seen from the end of the file.
    var mirrored: Range {
      var range = self
      (range.start, range.end) = (-end, -start)
      return range
    }
  }

  /// Finds the arrays whose first or last element is certainly one of another's.
  ///
  /// That arrays with gaps lie over each other doesn't mean that they share any: real and imaginary parts don't.
  private mutating func findViews(_ sources: [any ArraySource]) {
    var groups: [ObjectIdentifier: [Range]] = [:]
    for (index, source) in sources.enumerated() where source.byteCount > 0 {
      if let bytes = source.identity?.bytes {
        groups[bytes.file, default: []].append(Range(index, bytes, isView: false, isDense: true))
      } else if let view = source.view {
        groups[view.bytes.file, default: []].append(
          Range(index, view.bytes, isView: true, isDense: view.isDense))
      }
    }
    for group in groups.values {
      for (next, owner) in Self.firstElements(in: group)
      where places[next.index].owner == next.index { views[next.index] = owner.index }
      // Of two dense arrays that overlap, one begins in the other.
      for (next, owner) in Self.firstElements(in: group.map(\.mirrored))
      where !next.isDense && views[next.index] == nil { views[next.index] = owner.index }
    }
  }

  /// Returns the arrays that begin in a dense one, or where another begins too, each with that one.
  private static func firstElements(in group: [Range]) -> [(Range, owner: Range)] {
    let sorted = group.sorted {
      ($0.start, $0.isDense ? 0 : 1, $1.end, $0.isView ? 1 : 0, $0.index)
        < ($1.start, $1.isDense ? 0 : 1, $0.end, $1.isView ? 1 : 0, $1.index)
    }
    var found: [(Range, owner: Range)] = []
    var dense: Range?
    var firstHere: Range?
    for next in sorted {
      if firstHere?.start != next.start { firstHere = nil }
      let owner = dense.flatMap { next.start < $0.end ? $0 : nil } ?? firstHere
      if let owner { found.append((next, owner)) }
      if next.isDense, dense.map({ next.end > $0.end }) ?? true { dense = next }
      firstHere = firstHere ?? next
    }
    return found
  }

  /// An array that is stored in a file, with its bytes there and the width of its elements there.
  private struct Stored {
    var index: Int
    var bytes: ByteIdentity
    var width: Int
  }

  /// Returns the arrays of equal types in one file, ordered so that one comes before its parts.
  private static func groups(_ sources: [any ArraySource]) -> [[Stored]] {
    struct Key: Hashable {
      var file: ObjectIdentifier
      var dtype: DType
      var changes: [String]
    }
    var groups: [Key: [Stored]] = [:]
    for (index, source) in sources.enumerated() where source.byteCount > 0 {
      guard let identity = source.identity else { continue }
      let key = Key(file: identity.bytes.file, dtype: identity.dtype, changes: identity.changes)
      groups[key, default: []].append(
        Stored(index: index, bytes: identity.bytes, width: identity.dtype.width))
    }
    return groups.values.map { group in
      group.sorted {
        ($0.bytes.offset, $1.bytes.byteCount, $0.index)
          < ($1.bytes.offset, $0.bytes.byteCount, $1.index)
      }
    }
  }
}
