public import CoppiceModel

extension CoppiceError.Code {
  /// An array's metadata document lacks a member or contradicts itself.
  public static let zarrMalformed = Self(rawValue: "zarr.malformed")
  /// There is no metadata document under an array's name.
  public static let zarrMissingMetadata = Self(rawValue: "zarr.missing-metadata")
  /// A codec or filter that this reader doesn't support.
  public static let zarrUnknownCodec = Self(rawValue: "zarr.unknown-codec")
  /// An element type that this reader doesn't support.
  public static let zarrUnknownDtype = Self(rawValue: "zarr.unknown-dtype")
  /// A feature of the zarr specification that this reader doesn't support.
  public static let zarrUnsupported = Self(rawValue: "zarr.unsupported")
  /// A shape, a chunk or an index beyond the limits.
  public static let zarrTooLarge = Self(rawValue: "zarr.too-large")
  /// A chunk is not in the store, though the array may leave none out.
  public static let zarrMissingChunk = Self(rawValue: "zarr.missing-chunk")
  /// A chunk has more or fewer bytes than its shape takes.
  public static let zarrChunkSize = Self(rawValue: "zarr.chunk-size")
  /// A shard's index is damaged, or refers to bytes outside of the shard.
  public static let zarrShardIndex = Self(rawValue: "zarr.shard-index")
  /// A text has bytes that are no text.
  public static let zarrText = Self(rawValue: "zarr.text")
  /// A chunk is left out, and this reader can't express the fill value.
  public static let zarrFillValue = Self(rawValue: "zarr.fill-value")
}

// Oddities that are tolerated: these come as warnings.
extension CoppiceError.Code {
  /// A directory among a group's members is neither a group nor an array, and is left out.
  public static let zarrNoNode = Self(rawValue: "zarr.no-node")
  /// Attributes that can't be carried over.
  public static let zarrAttributes = Self(rawValue: "zarr.attributes")
  /// The consolidated metadata say something else than the documents of the members.
  public static let zarrConsolidated = Self(rawValue: "zarr.consolidated")
}
