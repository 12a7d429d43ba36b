// Faults of arrays (chapter 4).
extension CoppiceError.Code {
  /// A chunk shape or filter list that doesn't fit the leaf.
  public static let arraysBadChunk = Self(rawValue: "arrays.bad-chunk")
  /// An element with bits that no value of its type has.
  public static let arraysBadElement = Self(rawValue: "arrays.bad-element")
  /// A chunk doesn't decode to what it should.
  public static let arraysBadEncoding = Self(rawValue: "arrays.bad-encoding")
  /// A piece size that would cut through elements.
  public static let arraysBadPieceSize = Self(rawValue: "arrays.bad-piece-size")
  /// A random-number implementation of an array that can't have one.
  public static let arraysBadPRNG = Self(rawValue: "arrays.bad-prng")
  /// A shape whose rank or size is beyond the limits.
  public static let arraysBadShape = Self(rawValue: "arrays.bad-shape")
  /// A storage that this version doesn't know, or that the leaf's other members contradict.
  public static let arraysBadStorage = Self(rawValue: "arrays.bad-storage")
  /// A packed block doesn't begin at a multiple of 64 bytes.
  public static let arraysBlockAlignment = Self(rawValue: "arrays.block-alignment")
  /// The columns differ in length, or don't have as many blocks as the leaves need.
  public static let arraysBlockCount = Self(rawValue: "arrays.block-count")
  /// A block reaches out of its file.
  public static let arraysBlockOutside = Self(rawValue: "arrays.block-outside")
  /// Two blocks share bytes.
  public static let arraysBlockOverlap = Self(rawValue: "arrays.block-overlap")
  /// A block's size isn't what its leaf needs.
  public static let arraysBlockSize = Self(rawValue: "arrays.block-size")
  /// The pieces of a box don't lie one after the other.
  public static let arraysBlockSplit = Self(rawValue: "arrays.block-split")
  /// A block's bytes don't have the digest recorded for them.
  public static let arraysDigestMismatch = Self(rawValue: "arrays.digest-mismatch")
  /// HDF5 describes a dataset otherwise than the document describes its leaf.
  public static let arraysHDF5Mismatch = Self(rawValue: "arrays.hdf5-mismatch")
  /// A file of arrays is not the one that the index was made for.
  public static let arraysStaleIndex = Self(rawValue: "arrays.stale-index")
  /// A file of arrays is shorter than recorded.
  public static let arraysTruncated = Self(rawValue: "arrays.truncated")
  /// An element type that this version doesn't know.
  public static let arraysUnknownDType = Self(rawValue: "arrays.unknown-dtype")
}
