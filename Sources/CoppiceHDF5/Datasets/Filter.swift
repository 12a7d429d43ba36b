/// One step of a chunk's coding.
package struct Filter: Hashable, Sendable {
  /// The registered number of the filter.
  package var identifier: Int32
  /// libhdf5's flags: bit 0 means that a chunk may be stored without this filter.
  package var flags: UInt32
  /// The parameters.
  package var values: [UInt32]

  package init(identifier: Int32, flags: UInt32 = 0, values: [UInt32] = []) {
    self.identifier = identifier
    self.flags = flags
    self.values = values
  }
}

extension Filter {
  /// The numbers of the filters that Coppice writes.
  package static let shuffleIdentifier: Int32 = 2
  package static let zstdIdentifier: Int32 = 32015

  /// Returns the filter that orders the bytes of elements by significance.
  package static func shuffle(width: Int) -> Filter {
    Filter(
      identifier: shuffleIdentifier, flags: 1, values: [UInt32(truncatingIfNeeded: width)])
  }

  /// Returns the filter for deflate at a level, which every libhdf5 has.
  package static func deflate(level: Int) -> Filter {
    Filter(identifier: 1, flags: 1, values: [UInt32(truncatingIfNeeded: level)])
  }

  /// Returns the filter for Zstandard at a level.
  ///
  /// It is optional, since a chunk that doesn't compress is stored without it. libhdf5 need not
  /// have the filter, since chunks bypass libhdf5's own coding here.
  package static func zstd(level: Int) -> Filter {
    Filter(
      identifier: zstdIdentifier, flags: 1,
      values: [UInt32(truncatingIfNeeded: level)])
  }
}
