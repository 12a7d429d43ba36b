import Coppice
public import CoppiceModel

/// The choices of writing a conversion's result, as a format's writer gets them.
public struct OutputOptions: Sendable {
  /// The compression of data; `nil` uses the format's default.
  public var compression: CompressionChoice?

  /// The maximum number of bytes of a file, for formats that can be split.
  public var maximumFileBytes: Int?

  /// The name of one of the format's layouts.
  public var layout: String?

  /// The number of boxes along each dimension in which matching leaves are stored; the first match
  /// counts.
  public var shards: [(glob: PathGlob, counts: [Int])] = []

  /// The extents of the chunks of matching leaves; the first match counts.
  public var chunks: [(glob: PathGlob, extents: [Int])] = []

  /// The number of data files over which the boxes of leaves are spread.
  public var dataFiles: Int?

  /// The choices of Coppice's own format; all formats use the durability.
  package var coppice = WriteOptions()

  package init() {}

  /// The durability of the result.
  public var durability: Durability { coppice.durability }
}

/// The compression of data.
public enum CompressionChoice: Hashable, Sendable {
  case uncompressed
  /// Zstandard; without a level, the format's default level.
  case zstd(level: Int?)
  /// Deflate in zlib's wrapper, which HDF5's tools call gzip; without a level, the format's default level.
  case gzip(level: Int?)

  /// A way to compress.
  public enum Codec: String, CaseIterable, Hashable, Sendable {
    case zstd, gzip
  }

  /// The way to compress; `nil` for none.
  public var codec: Codec? {
    switch self {
    case .uncompressed: nil
    case .zstd: .zstd
    case .gzip: .gzip
    }
  }
}
