import CoppiceModel
import Testing

extension Cast {
  /// The elements converted.
  func callAsFunction(_ elements: [UInt8], firstElement: Int = 0) throws(CoppiceError) -> [UInt8] {
    var output = [UInt8](
      repeating: 0xA5, count: elements.count / source.width * target.width)
    var span = output.mutableSpan
    var bytes = span.mutableBytes
    try apply(elements.span.bytes, to: &bytes, firstElement: firstElement)
    return output
  }
}

/// A pair of types, as a test's argument.
struct TypePair: CustomTestStringConvertible, Hashable {
  let source: DType
  let target: DType

  var testDescription: String { "\(source) to \(target)" }

  static let all = DType.allCases.flatMap { source in
    DType.allCases.map { TypePair(source: source, target: $0) }
  }
}

extension ArrayBox {
  /// A box that a test states.
  static func box(_ offset: [Int], _ extents: [Int]) -> ArrayBox {
    ArrayBox(offset: offset, shape: Shape(extents)!)!
  }
}
