/// The checksum of HDF5's metadata: Bob Jenkins's lookup3, in its form for little-endian bytes.
enum Lookup3 {
  static func hash(_ bytes: some RandomAccessCollection<UInt8>) -> UInt32 {
    let start = UInt32(0xDEAD_BEEF) &+ UInt32(truncatingIfNeeded: bytes.count)
    var (a, b, c) = (start, start, start)
    var rest = bytes[...]
    while rest.count > 12 {
      a &+= word(rest, 0)
      b &+= word(rest, 4)
      c &+= word(rest, 8)
      mix(&a, &b, &c)
      rest = rest.dropFirst(12)
    }
    guard !rest.isEmpty else { return c }
    a &+= word(rest, 0)
    b &+= word(rest, 4)
    c &+= word(rest, 8)
    return finish(a, b, c)
  }

  /// Returns four bytes as a number; those beyond the end are zero.
  private static func word(
    _ bytes: some RandomAccessCollection<UInt8>, _ offset: Int
  ) -> UInt32 {
    bytes.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func rotate(_ number: UInt32, _ bits: UInt32) -> UInt32 {
    number << bits | number >> (32 - bits)
  }

  /// Mixes the three numbers; each round does the same to the next of them.
  private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    for bits in [4, 6, 8, 16, 19, 4] as [UInt32] {
      a &-= c
      a ^= rotate(c, bits)
      c &+= b
      (a, b, c) = (b, c, a)
    }
  }

  /// Mixes the three numbers for the last time; the result is the one that changed last.
  private static func finish(_ a: UInt32, _ b: UInt32, _ c: UInt32) -> UInt32 {
    var (a, b, c) = (a, b, c)
    for bits in [14, 11, 25, 16, 4, 14, 24] as [UInt32] {
      c ^= b
      c &-= rotate(b, bits)
      (a, b, c) = (b, c, a)
    }
    return b
  }
}
