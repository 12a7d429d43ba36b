import ArgumentParser

/// The order of the rows of a listing.
enum ListingOrder: String, CaseIterable, ExpressibleByArgument {
  /// The order of the tree.
  case tree
  /// The largest first.
  case size
  /// By path, numbers in names by value.
  case name
}

extension Listing {
  /// Puts the rows in another order; rows that are equal in it keep that of the tree.
  mutating func sort(by order: ListingOrder) {
    switch order {
    case .tree: break
    case .size: rows.sort { $0.totalBytes > $1.totalBytes }
    case .name:
      rows = rows.map { (Self.sortKey($0.components), $0) }
        .sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }
  }

  /// Returns bytes whose order is that of paths, with numbers of twenty digits.
  private static func sortKey(_ components: [String]) -> [UInt8] {
    var key: [UInt8] = []
    for component in components {
      var digits: [UInt8] = []
      for byte in Array(component.utf8) + [0] {
        if (0x30...0x39).contains(byte) {
          digits.append(byte)
          continue
        }
        if !digits.isEmpty {
          key += Array(repeating: 0x30, count: max(20 - digits.count, 0)) + digits
          digits = []
        }
        key.append(byte)
      }
    }
    return key
  }
}
