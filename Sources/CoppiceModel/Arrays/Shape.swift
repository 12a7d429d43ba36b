/// The extent of an array along each of its dimensions, slowest-varying first.
public struct Shape: Hashable, Sendable {
  /// The extents: never negative, and their product fits in `Int`.
  public let dimensions: [Int]

  /// The number of elements: 1 for a scalar, 0 where any extent is 0.
  public let elementCount: Int

  /// Makes a shape of the extents given.
  ///
  /// - Returns: `nil` when an extent is negative or the product of the extents overflows `Int`.
  public init?(_ dimensions: [Int]) {
    guard let count = Shape.product(dimensions) else { return nil }
    self.dimensions = dimensions
    self.elementCount = count
  }

  /// The shape of a scalar.
  public static let scalar = Shape(unchecked: [], elementCount: 1)

  private init(unchecked dimensions: [Int], elementCount: Int) {
    self.dimensions = dimensions
    self.elementCount = elementCount
  }

  /// The number of dimensions.
  public var rank: Int { dimensions.count }

  /// The bytes of an array of this shape, or `nil` when they overflow `Int`.
  public func byteCount(of dtype: DType) -> Int? {
    let (bytes, overflow) = elementCount.multipliedReportingOverflow(by: dtype.width)
    return overflow ? nil : bytes
  }

  /// The product of the extents; zero-size dimensions don't hide an overflow of the others.
  private static func product(_ dimensions: [Int]) -> Int? {
    var product = 1
    var isEmpty = false
    for extent in dimensions {
      guard extent >= 0 else { return nil }
      if extent == 0 {
        isEmpty = true
        continue
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = next
    }
    return isEmpty ? 0 : product
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// Makes a shape of stated extents; for those known at run time, the other initialiser gives `nil`.
  ///
  /// - Precondition: No extent is negative, and their product fits in `Int`.
  public init(arrayLiteral dimensions: Int...) {
    guard let shape = Shape(dimensions) else {
      preconditionFailure(
        "\(dimensions) is no shape: extents aren't negative, and their product fits in Int")
    }
    self = shape
  }
}

extension Shape: CustomStringConvertible {
  /// The extents, such as `[2, 3]`.
  public var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}
