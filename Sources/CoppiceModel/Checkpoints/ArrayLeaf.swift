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

/// A leaf of a checkpoint that is being read: its description, and the source of its elements.
///
/// A leaf with a fault stands where an array should be: listings show it, and asking for its elements
/// throws the fault.
public struct ArrayLeaf: Sendable {
  /// The description, shared by leaves of which the same is known: large trees have many of them.
  private let known: KnownMetadata

  private let elements: any ArraySource

  /// The description of the array.
  ///
  /// - Throws: The fault, where it left nothing to describe.
  public var metadata: ArrayMetadata {
    get throws(CoppiceError) {
      guard let metadata = known.metadata else { throw known.faultError }
      return metadata
    }
  }

  /// The source of the elements.
  ///
  /// - Throws: The fault of the leaf.
  public var source: any ArraySource {
    get throws(CoppiceError) {
      if known.fault != nil { throw known.faultError }
      return elements
    }
  }

  /// The reason why the elements can't be read, as far as it is known without reading them.
  public var fault: LeafFault? { known.fault }

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

  /// Makes a leaf whose elements can't be read.
  ///
  /// - Parameters:
  ///   - fault: The reason.
  ///   - metadata: The description, where that much is known.
  public init(_ fault: LeafFault, metadata: ArrayMetadata? = nil) {
    known = KnownMetadata(metadata, fault: fault)
    elements = NoElements()
  }

  /// Makes a leaf with a description: type and shape are those of the source.
  package init(_ source: any ArraySource, _ known: KnownMetadata) {
    elements = source
    self.known = known
  }
}

extension ArrayLeaf {
  /// The bytes of the elements; 0 for a leaf with a fault.
  package var byteCount: Int { fault == nil ? elements.byteCount : 0 }

  /// Returns the same leaf with other elements: sharding and random-number implementation stay.
  ///
  /// - Throws: The fault of the leaf.
  package func replacingSource(_ source: any ArraySource) throws(CoppiceError) -> ArrayLeaf {
    let metadata = try metadata
    return ArrayLeaf(
      source, sharding: metadata.sharding, prngImplementation: metadata.prngImplementation)
  }

  /// Returns the leaf with its elements cast while they are read; one with a fault stays as it is.
  ///
  /// - Throws: `cast.unsupported`.
  package func cast(to dtype: DType, mode: CastMode) throws(CoppiceError) -> ArrayLeaf {
    guard fault == nil, try metadata.dtype != dtype else { return self }
    return try replacingSource(try CastingSource(try source, to: dtype, mode: mode))
  }
}

/// The reason why the elements of a leaf can't be read.
public struct LeafFault: Sendable {
  /// The kinds of reasons, which commands treat differently.
  public enum Kind: String, Sendable {
    /// The leaf's description or data are damaged or missing.
    case damaged
    /// The leaf is whole, and no array can represent it.
    case unsupported
  }

  /// Whether the leaf is damaged or can't be represented.
  public var kind: Kind

  /// The error that asking for the elements throws.
  public var error: CoppiceError

  /// Makes a reason.
  public init(_ kind: Kind, _ error: CoppiceError) {
    self.kind = kind
    self.error = error
    self.error.isOfUnsupportedLeaf = kind == .unsupported
  }
}

/// The description of one leaf, or of several alike.
package final class KnownMetadata: Sendable {
  /// Nothing, where a fault left nothing to describe.
  package let metadata: ArrayMetadata?
  let fault: LeafFault?

  package init(_ metadata: ArrayMetadata) {
    self.metadata = metadata
    fault = nil
  }

  init(_ metadata: ArrayMetadata?, fault: LeafFault) {
    self.metadata = metadata
    self.fault = fault
  }

  var faultError: CoppiceError {
    fault?.error ?? CoppiceError(.modelByteCount, "the array has no description")
  }
}

/// The source behind a leaf with a fault; `ArrayLeaf.source` never gives it out.
private struct NoElements: ArraySource {
  let dtype = DType.uint8
  let shape = Shape.scalar

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    throw CoppiceError(.modelByteCount, "the leaf has no elements")
  }
}
