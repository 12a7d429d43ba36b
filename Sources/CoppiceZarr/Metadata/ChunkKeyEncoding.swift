import CoppiceFiles

/// The rule that makes a chunk's key from its index in the grid.
package struct ChunkKeyEncoding: Hashable, Sendable {
  /// The two encodings of the specification.
  package enum Style: Hashable, Sendable {
    /// `c/0/1`; for rank 0 `c`.
    case prefixed
    /// `0.1`; for rank 0 `0`.
    case plain
  }

  package var style: Style
  /// `/` or `.`.
  package var separator: UInt8

  package init(style: Style, separator: UInt8) {
    self.style = style
    self.separator = separator
  }

  /// Returns the key of a chunk of the array whose keys begin with `prefix`.
  package func key(_ index: [Int], under prefix: [UInt8]) -> StoreKey {
    var key = prefix
    switch style {
    case .prefixed:
      key.append(0x63)
      for number in index {
        key.append(separator)
        key.append(contentsOf: String(number).utf8)
      }
    case .plain:
      if index.isEmpty { key.append(0x30) }
      for (position, number) in index.enumerated() {
        if position > 0 { key.append(separator) }
        key.append(contentsOf: String(number).utf8)
      }
    }
    return key
  }
}
