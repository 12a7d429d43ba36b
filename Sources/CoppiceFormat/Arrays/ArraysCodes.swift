package import CoppiceModel

extension CoppiceError.Code {
  /// An element type that this version doesn't know.
  package static let arraysUnknownDType = Self(rawValue: "arrays.unknown-dtype")
  /// A shape whose rank or size is beyond the limits.
  package static let arraysBadShape = Self(rawValue: "arrays.bad-shape")
  /// A random-number implementation of an array that can't have one.
  package static let arraysBadPRNG = Self(rawValue: "arrays.bad-prng")
  /// A storage that this version doesn't know, or that the leaf's other members contradict.
  package static let arraysBadStorage = Self(rawValue: "arrays.bad-storage")
  /// A chunk shape or filter list that doesn't fit the leaf.
  package static let arraysBadChunk = Self(rawValue: "arrays.bad-chunk")
  /// A piece size that would cut through elements.
  package static let arraysBadPieceSize = Self(rawValue: "arrays.bad-piece-size")
  /// A file name other than the one its index implies.
  package static let arraysBadFileName = Self(rawValue: "arrays.bad-file-name")
  /// The columns differ in length, or don't have as many blocks as the leaves need.
  package static let arraysBlockCount = Self(rawValue: "arrays.block-count")
  /// A block's size isn't what its leaf needs.
  package static let arraysBlockSize = Self(rawValue: "arrays.block-size")
  /// A block reaches out of its file, or names a file that isn't listed.
  package static let arraysBlockOutside = Self(rawValue: "arrays.block-outside")
  /// Two blocks share bytes.
  package static let arraysBlockOverlap = Self(rawValue: "arrays.block-overlap")
  /// A packed block doesn't begin at a multiple of 64 bytes.
  package static let arraysBlockAlignment = Self(rawValue: "arrays.block-alignment")
  /// The blocks of one box lie in several files, or its pieces not one after the other.
  package static let arraysBlockSplit = Self(rawValue: "arrays.block-split")
  /// A file of arrays is shorter than recorded.
  package static let arraysTruncated = Self(rawValue: "arrays.truncated")
  /// A file of arrays is not the one that the index was made for.
  package static let arraysStaleIndex = Self(rawValue: "arrays.stale-index")
  /// A block's bytes don't have the digest recorded for them.
  package static let arraysDigestMismatch = Self(rawValue: "arrays.digest-mismatch")
  /// A chunk doesn't decode to what it should.
  package static let arraysBadEncoding = Self(rawValue: "arrays.bad-encoding")
  /// HDF5 describes a dataset otherwise than the document describes its leaf.
  package static let arraysHDF5Mismatch = Self(rawValue: "arrays.hdf5-mismatch")
}
