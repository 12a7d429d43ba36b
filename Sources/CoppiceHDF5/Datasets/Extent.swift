import CCoppiceHDF5

/// The extents of a dataset or an attribute.
package enum Extent: Hashable, Sendable {
  /// No elements, and no shape.
  case null
  /// One element.
  case scalar
  /// An array; a maximum of `nil` means unlimited.
  case simple(dimensions: [UInt64], maximums: [UInt64?])

  /// The extents along each dimension: empty for scalars, `nil` where there is no shape.
  package var dimensions: [UInt64]? {
    switch self {
    case .null: nil
    case .scalar: []
    case .simple(let dimensions, _): dimensions
    }
  }

  /// The number of elements, or `nil` when it overflows.
  package var elementCount: UInt64? {
    guard let dimensions else { return 0 }
    return product(dimensions)
  }
}

/// Returns the product of some extents, or `nil` when it overflows; one zero makes it zero.
func product(_ extents: [UInt64]) -> UInt64? {
  guard !extents.contains(0) else { return 0 }
  var product: UInt64 = 1
  for extent in extents {
    let (next, overflow) = product.multipliedReportingOverflow(by: extent)
    guard !overflow else { return nil }
    product = next
  }
  return product
}

/// A box of a dataset: its offset and shape.
package struct Box: Hashable, Sendable {
  package var offset: [UInt64]
  package var shape: [UInt64]

  package init(offset: [UInt64], shape: [UInt64]) {
    self.offset = offset
    self.shape = shape
  }

  /// Makes a box of signed numbers; fails when one is negative.
  @_disfavoredOverload  // literals mean the other
  package init?(offset: [Int], shape: [Int]) {
    guard (offset + shape).allSatisfy({ $0 >= 0 }) else { return nil }
    self.offset = offset.map(UInt64.init)
    self.shape = shape.map(UInt64.init)
  }
}
