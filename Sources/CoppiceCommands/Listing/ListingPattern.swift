import Coppice

/// A pattern in the place of a name or path of an address: `CKPT:state/**/kernel`.
struct ListingPattern {
  /// The address of the node around everything that can match.
  let address: CheckpointAddress
  private let glob: PathGlob

  private static let special: Set<Character> = ["*", "?", "[", "{", "\\"]

  /// Makes the pattern of an address; `nil` if the address has none, or is that of a node whose name
  /// has such characters.
  ///
  /// - Throws: `usage.glob`.
  init?(_ address: CheckpointAddress, in contents: CheckpointContents) throws(CoppiceError) {
    let plain = address.components.prefix { !$0.contains(where: Self.special.contains) }
    guard plain.count < address.components.count, (try? address.node(in: contents)) == nil else {
      return nil
    }
    var around = address
    around.components = Array(plain)
    self.address = around
    // The place has the spelling of listings, which may be another one than the user's.
    let base = try around.node(in: contents)?.place
    let rest = address.components[plain.count...].joined(separator: "/")
    glob = try PathGlob(base.map { Self.literal($0) + "/" + rest } ?? rest)
  }

  func matches(_ row: ListingRow) -> Bool { glob.matches(row.components) }

  /// The error about a pattern without a match.
  var matchesNothing: CoppiceError {
    CoppiceError(
      .usageTreePath,
      "nothing matches \(glob.pattern.printable); * stands for one name, ** for any path, and a pattern "
        + "matches whole paths, as ls prints them")
  }

  private static func literal(_ text: String) -> String {
    String(text.flatMap { special.contains($0) || "]}".contains($0) ? ["\\", $0] : [$0] })
  }
}
