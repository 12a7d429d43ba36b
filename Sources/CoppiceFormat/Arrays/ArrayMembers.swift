import CoppiceModel
import StrictJSON

/// Members that describe arrays, read in one way wherever they stand.
enum ArrayMembers {
  /// Reads a shape.
  ///
  /// - Throws: `arrays.bad-shape` when rank or size is beyond the limits.
  static func shape(_ node: JSONNode, limits: ReadLimits) throws(CoppiceError) -> Shape {
    guard node.count <= limits.rank else {
      throw node.error(.arraysBadShape, "an array has at most \(limits.rank) dimensions")
    }
    guard let shape = Shape(try node.nonNegativeIntegerColumn()),
      let bytes = shape.byteCount(of: .complex128), bytes < 1 << 57
    else {
      throw node.error(.arraysBadShape, "the array is larger than any file")
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
