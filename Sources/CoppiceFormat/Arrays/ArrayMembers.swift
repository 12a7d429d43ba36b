import CoppiceJSON
import CoppiceModel

/// Readers of the members that describe arrays, shared by all documents.
enum ArrayMembers {
  /// Reads a shape.
  ///
  /// Spec: MOD-9.
  ///
  /// - Throws: `arrays.bad-shape` when rank or size is beyond the limits.
  static func shape(_ node: JSONNode, limits: ReadLimits) throws(CoppiceError) -> Shape {
    guard node.count <= limits.rank else {
      throw node.error(.arraysBadShape, "an array has at most \(limits.rank) dimensions")
    }
    let extents = try node.nonNegativeIntegerColumn()
    guard let shape = Shape(extents), shape.isInFormat else {
      throw node.error(
        .arraysBadShape, "the product of the extents other than zero is 2^53 or more")
    }
    return shape
  }

  /// Reads an element type.
  static func dtype(_ node: JSONNode) throws(CoppiceError) -> DType {
    let name = try node.string()
    guard let dtype = DType(rawValue: name) else {
      throw node.error(.arraysUnknownDType, "\"\(name)\" is no element type of this version")
    }
    return dtype
  }
}

extension Shape {
  /// Whether the product of the extents, each counted as at least 1, is within the format's limit.
  ///
  /// Spec: MOD-9.
  var isInFormat: Bool {
    // The product can't overflow: `Shape` guarantees that the extents other than zero multiply to
    // an `Int`.
    dimensions.reduce(1) { $0 * max($1, 1) } <= JSONNode.largestInteger
  }
}
