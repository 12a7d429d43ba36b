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

  /// For arrays that gather their elements from the bytes of another, the index of that one.
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
    var bytes: ByteIdentity
    var isView: Bool
    /// Whether no byte lies between its elements, so that what lies in the range is a part of them.
    var isDense: Bool

    var end: Int { bytes.offset + bytes.byteCount }
  }

  /// Finds the views, each in the dense array that begins first around it, and dense views' parts.
  private mutating func findViews(_ sources: [any ArraySource]) {
    var groups: [ObjectIdentifier: [Range]] = [:]
    for (index, source) in sources.enumerated() where source.byteCount > 0 {
      if let bytes = source.identity?.bytes {
        groups[bytes.file, default: []].append(
          Range(index: index, bytes: bytes, isView: false, isDense: true))
      } else if let view = source.view {
        groups[view.bytes.file, default: []].append(
          Range(index: index, bytes: view.bytes, isView: true, isDense: view.isDense))
      }
    }
    for group in groups.values where group.contains(where: \.isView) {
      let sorted = group.sorted {
        ($0.bytes.offset, $1.end, $0.isView ? 1 : 0, $0.index)
          < ($1.bytes.offset, $0.end, $1.isView ? 1 : 0, $1.index)
      }
      var owner: Range?
      for next in sorted {
        if let owner, next.end <= owner.end {
          let isTied = places[next.index].owner != next.index
          if next.isView || owner.isView && !isTied { views[next.index] = owner.index }
        } else if next.isDense {
          owner = next
        }
      }
    }
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
      var casts: [String]
    }
    var groups: [Key: [Stored]] = [:]
    for (index, source) in sources.enumerated() where source.byteCount > 0 {
      guard let identity = source.identity else { continue }
      let key = Key(file: identity.bytes.file, dtype: identity.dtype, casts: identity.casts)
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
