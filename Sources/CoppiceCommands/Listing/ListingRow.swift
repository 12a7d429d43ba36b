import Coppice

/// One line of a listing: a leaf, value, document or file, a fault in its place, or several of them.
struct ListingRow {
  /// The rows of a branch below the depth of a listing.
  struct Branch {
    var arrayCount = 0
    var otherCount = 0
    var faultCount = 0
  }

  /// The names of checkpointables, then the components of the path in the tree, escaped.
  ///
  /// In folded rows, a component has a range of numbers: `layers_{0..31}`.
  var components: [String]
  /// The dtype, or the kind of what isn't an array.
  var type: String
  var shape: Shape?
  /// The number of bytes, of one row where several are folded.
  var bytes: Int?
  /// The value, or what is known of it, for people.
  var detail = ""
  /// The value for programs.
  var value: JSON?
  var sharding: Sharding?
  var prng: String?
  var fault: LeafFault?
  /// The places of the bytes in files.
  var places: [StoredPlace] = []
  /// The number of rows that are folded into this one.
  var count = 1
  var branch: Branch?

  /// The path as people paste it; `.` for the whole.
  var path: String {
    let path = components.map(\.printable).joined(separator: "/")
    if branch != nil { return path + "/" }
    return path
  }

  /// The number of bytes of all rows that are folded into this one.
  var totalBytes: Int { (bytes ?? 0) * count }

  /// The number of arrays for which the row stands.
  var arrayCount: Int { count * (branch?.arrayCount ?? (shape == nil ? 0 : 1)) }

  /// The number of other things for which the row stands.
  var otherCount: Int { count * (branch?.otherCount ?? (shape == nil ? 1 : 0)) }

  /// The number of bytes of the elements as they are stored; `nil` if it isn't known.
  var storedBytes: Int? {
    guard !places.isEmpty else { return nil }
    return places.reduce(0) { sum, place in sum.flatMap { sum in place.byteCount.map { sum + $0 } }
    }
  }
}
