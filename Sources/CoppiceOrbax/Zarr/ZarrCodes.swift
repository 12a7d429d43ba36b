public import CoppiceModel

extension CoppiceError.Code {
  /// An array's metadata document lacks something or contradicts itself.
  public static let zarrMalformed = Self(rawValue: "zarr.malformed")
  /// There is no metadata document under an array's name.
  public static let zarrMissingMetadata = Self(rawValue: "zarr.missing-metadata")
  /// A codec or filter that this reader doesn't have.
  public static let zarrUnknownCodec = Self(rawValue: "zarr.unknown-codec")
  /// An element type that this reader doesn't have.
  public static let zarrUnknownDtype = Self(rawValue: "zarr.unknown-dtype")
  /// A part of the zarr specification that this reader leaves out.
  public static let zarrUnsupported = Self(rawValue: "zarr.unsupported")
  /// A shape, a chunk or an index beyond the limits.
  public static let zarrTooLarge = Self(rawValue: "zarr.too-large")
  /// A chunk is not in the store, though none may be left out.
  public static let zarrMissingChunk = Self(rawValue: "zarr.missing-chunk")
  /// A chunk has more or fewer bytes than its shape.
  public static let zarrChunkSize = Self(rawValue: "zarr.chunk-size")
  /// A shard's index is damaged, or refers to places outside of the shard.
  public static let zarrShardIndex = Self(rawValue: "zarr.shard-index")
  /// A chunk is left out and stands for a fill value that this reader can't express.
  public static let zarrFillValue = Self(rawValue: "zarr.fill-value")
}
