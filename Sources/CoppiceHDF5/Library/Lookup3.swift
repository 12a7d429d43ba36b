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
    finish(&a, &b, &c)
    return c
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

  private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    a &-= c
    a ^= rotate(c, 4)
    c &+= b
    b &-= a
    b ^= rotate(a, 6)
    a &+= c
    c &-= b
    c ^= rotate(b, 8)
    b &+= a
    a &-= c
    a ^= rotate(c, 16)
    c &+= b
    b &-= a
    b ^= rotate(a, 19)
    a &+= c
    c &-= b
    c ^= rotate(b, 4)
    b &+= a
  }

  private static func finish(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    c ^= b
    c &-= rotate(b, 14)
    a ^= c
    a &-= rotate(c, 11)
    b ^= a
    b &-= rotate(a, 25)
    c ^= b
    c &-= rotate(b, 16)
    a ^= c
    a &-= rotate(c, 4)
    b ^= a
    b &-= rotate(a, 14)
    c ^= b
    c &-= rotate(b, 24)
  }
}
