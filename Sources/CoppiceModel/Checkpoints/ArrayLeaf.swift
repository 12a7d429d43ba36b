/// The description of an array, known without reading its elements.
public struct ArrayMetadata: Hashable, Sendable {
  /// The element type.
  public var dtype: DType

  /// The extents.
  public var shape: Shape

  /// The distribution over devices when the array was saved, if known.
  public var sharding: Sharding?

  /// The random-number implementation, if the elements are the data of a typed JAX key.
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

/// A leaf of a checkpoint that is being read: the description of an array and the source of its
/// elements.
///
/// A leaf with a fault takes the place of an array that can't be read: listings show it, and
/// `source` throws the fault.
public struct ArrayLeaf: Sendable {
  /// The description, shared by leaves with equal ones, of which large trees have many.
  package let known: KnownMetadata

  private let elements: any ArraySource

  /// The description of the array.
  ///
  /// - Throws: The fault, if it leaves nothing to describe.
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

  /// The source of boxes of the array, of which a leaf with a fault may still have some: reading any others throws.
  ///
  /// - Throws: The fault of the leaf, if nothing of it can be read.
  package var boxSource: any ArraySource {
    get throws(CoppiceError) {
      if known.fault != nil, !known.hasSomeElements { throw known.faultError }
      return elements
    }
  }

  /// The reason why the elements can't be read, if one is known without reading them.
  public var fault: LeafFault? { known.fault }

  /// Makes a leaf, whose metadata have the source's dtype and shape.
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

  /// Makes a leaf of which some elements can't be read; the source throws when it is asked for these.
  package init(_ source: any ArraySource, _ fault: LeafFault, metadata: ArrayMetadata?) {
    known = KnownMetadata(metadata, fault: fault, hasSomeElements: true)
    elements = source
  }

  /// Makes a leaf with a description, whose dtype and shape must be the source's.
  package init(_ source: any ArraySource, _ known: KnownMetadata) {
    elements = source
    self.known = known
  }
}

extension ArrayLeaf {
  /// The number of bytes of the elements; 0 for a leaf with a fault.
  package var byteCount: Int { fault == nil ? elements.byteCount : 0 }

  /// Returns the leaf with other elements; sharding and random-number implementation stay.
  ///
  /// - Throws: The fault of the leaf.
  package func replacingSource(_ source: any ArraySource) throws(CoppiceError) -> ArrayLeaf {
    let metadata = try metadata
    return ArrayLeaf(
      source, sharding: metadata.sharding, prngImplementation: metadata.prngImplementation)
  }

  /// Returns the leaf with its elements cast on reading; a leaf with a fault stays as it is.
  ///
  /// - Throws: `cast.unsupported`.
  package func cast(to dtype: DType, mode: CastMode) throws(CoppiceError) -> ArrayLeaf {
    guard fault == nil, try metadata.dtype != dtype else { return self }
    return try replacingSource(try CastingSource(try source, to: dtype, mode: mode))
  }
}

extension ArrayLeaf {
  /// Returns the leaf with the axes of its array in another order; a leaf with a fault stays as it is.
  ///
  /// - Throws: `usage.shape`.
  func transposed(axes: [Int]?) throws(CoppiceError) -> ArrayLeaf {
    guard fault == nil else { return self }
    let metadata = try metadata
    try metadata.requireNoRandomKey("transposed")
    let source = try source.transposed(axes: axes)
    return ArrayLeaf(
      source,
      sharding: metadata.sharding?.permuted(by: axes ?? (0..<metadata.shape.rank).reversed()))
  }

  /// Returns the leaf with its array under another shape, without a sharding; a leaf with a fault stays as it is.
  ///
  /// - Throws: `usage.shape`.
  func reshaped(to extents: [Int]) throws(CoppiceError) -> ArrayLeaf {
    guard fault == nil else { return self }
    try metadata.requireNoRandomKey("reshaped")
    return ArrayLeaf(try source.reshaped(to: extents))
  }
}

extension ArrayMetadata {
  fileprivate func requireNoRandomKey(_ change: String) throws(CoppiceError) {
    guard prngImplementation == nil else {
      throw CoppiceError(.usageShape, "the data of a random key can't be \(change)")
    }
  }
}

extension Sharding {
  /// Returns the sharding of the array with its axes in another order.
  fileprivate func permuted(by axes: [Int]) -> Sharding {
    guard device == nil else { return self }
    var sharding = self
    sharding.partition = axes.map { $0 < partition.count ? partition[$0] : [] }
    return sharding
  }
}

/// The reason why the elements of a leaf can't be read.
public struct LeafFault: Sendable {
  /// The kinds of reasons, which commands treat differently.
  public enum Kind: String, Sendable {
    /// The leaf's description or data are damaged or missing.
    case damaged
    /// The leaf is intact, but no array can represent it.
    case unsupported
  }

  /// Whether the leaf is damaged or can't be represented.
  public var kind: Kind

  /// The error that `source` throws.
  public var error: CoppiceError

  /// Makes a fault of its kind and error.
  public init(_ kind: Kind, _ error: CoppiceError) {
    self.kind = kind
    self.error = error
    self.error.isOfUnsupportedLeaf = kind == .unsupported
  }

  /// Makes a fault from a reader's error.
  ///
  /// - Parameter codes: The codes of the reader for intact leaves that no array can represent; every
  ///   other error is damage.
  package init(_ error: CoppiceError, unsupported codes: Set<CoppiceError.Code>) {
    self.init(codes.contains(error.code) ? .unsupported : .damaged, error)
  }
}

/// The description of one leaf, or of several equal leaves.
package final class KnownMetadata: Sendable {
  /// The description; `nil` if a fault leaves nothing to describe.
  package let metadata: ArrayMetadata?
  let fault: LeafFault?
  /// Whether elements of a leaf with a fault can be read.
  let hasSomeElements: Bool

  package init(_ metadata: ArrayMetadata) {
    self.metadata = metadata
    fault = nil
    hasSomeElements = true
  }

  init(_ metadata: ArrayMetadata?, fault: LeafFault, hasSomeElements: Bool = false) {
    self.metadata = metadata
    self.fault = fault
    self.hasSomeElements = hasSomeElements
  }

  var faultError: CoppiceError {
    fault?.error ?? CoppiceError(.modelByteCount, "the array has no description")
  }
}

/// The source of a leaf with a fault, which `ArrayLeaf.source` never returns.
private struct NoElements: ArraySource {
  let dtype = DType.uint8
  let shape = Shape.scalar

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    throw CoppiceError(.modelByteCount, "the leaf has no elements")
  }
}
