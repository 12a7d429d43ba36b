/// What is known of an array without reading its elements.
public struct ArrayMetadata: Hashable, Sendable {
  /// The element type.
  public var dtype: DType

  /// The extents.
  public var shape: Shape

  /// How the array was spread over devices when it was saved, where that is known.
  public var sharding: Sharding?

  /// The random-number implementation, where the elements are the data of a typed JAX key.
  public var prngImplementation: String?

  /// Makes a description.
  public init(
    dtype: DType, shape: Shape, sharding: Sharding? = nil, prngImplementation: String? = nil
  ) {
    self.dtype = dtype
    self.shape = shape
    self.sharding = sharding
    self.prngImplementation = prngImplementation
  }
}

/// A leaf of a checkpoint that is being read: what it is, and where its elements come from.
public struct ArrayLeaf: Sendable {
  /// What is known, shared by leaves of which the same is known: large trees have many of them.
  private var known: KnownMetadata

  /// Where the elements come from.
  public var source: any ArraySource

  /// What is known without reading elements.
  public var metadata: ArrayMetadata {
    get { known.metadata }
    set { known = KnownMetadata(newValue) }
  }

  /// Makes a leaf; the metadata takes type and shape from the source.
  public init(
    _ source: any ArraySource, sharding: Sharding? = nil, prngImplementation: String? = nil
  ) {
    self.init(
      source,
      KnownMetadata(
        ArrayMetadata(
          dtype: source.dtype, shape: source.shape, sharding: sharding,
          prngImplementation: prngImplementation)))
  }

  /// Makes a leaf of which something is known: type and shape are those of the source.
  package init(_ source: any ArraySource, _ known: KnownMetadata) {
    self.source = source
    self.known = known
  }
}

/// What is known of several arrays alike.
package final class KnownMetadata: Sendable {
  let metadata: ArrayMetadata

  package init(_ metadata: ArrayMetadata) { self.metadata = metadata }
}
