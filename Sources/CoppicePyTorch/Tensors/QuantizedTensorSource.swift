import CoppiceModel

/// The numbers that the integers of a quantised tensor stand for, as torch computes them.
///
/// With one scale, torch multiplies in 32 bits; with one for each index along an axis, in 64 bits.
struct QuantizedTensorSource: ArraySource {
  /// A scale and a zero point.
  struct Parameters {
    var scale: Double
    var zero: Int64
  }

  private let base: any ArraySource

  /// The parameters of the whole, or of each index along the axis.
  private let parameters: [Parameters]
  private let axis: Int?

  /// Makes a source; `nil` when the parameters aren't as many as the extent of the axis, or the base
  /// isn't of integers that torch quantises to.
  init?(_ base: any ArraySource, _ parameters: [Parameters], axis: Int?) {
    guard [.int8, .uint8, .int32].contains(base.dtype) else { return nil }
    if let axis {
      guard base.shape.dimensions.indices.contains(axis),
        base.shape.dimensions[axis] == parameters.count
      else { return nil }
    } else if parameters.count != 1 {
      return nil
    }
    self.base = base
    self.parameters = parameters
    self.axis = axis
  }

  var dtype: DType { .float32 }
  var shape: Shape { base.shape }
  var decodingUnit: Shape { base.decodingUnit }

  func places(at path: TreePath) throws(CoppiceError) -> [StoredPlace] {
    try base.places(at: path)
  }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let count = range.shape.elementCount
    // The integers are read into the end of the output, and each is taken before it is overwritten.
    let width = base.dtype.width
    var integers = bytes._mutatingExtracting(((4 - width) * count)...)
    try base.read(range, into: &integers)
    let (first, extent, inner) = steps(range)
    let (dtype, isSingle) = (base.dtype, axis == nil)
    unsafe bytes.withUnsafeMutableBytes { bytes in
      for index in 0..<count {
        let place = (4 - width) * count + index * width
        let integer: Int64 =
          switch dtype {
          case .int8: unsafe Int64(bytes.loadUnaligned(fromByteOffset: place, as: Int8.self))
          case .uint8: unsafe Int64(bytes.loadUnaligned(fromByteOffset: place, as: UInt8.self))
          default: unsafe Int64(bytes.loadUnaligned(fromByteOffset: place, as: Int32.self))
          }
        let parameters = parameters[first + index / inner % extent]
        // A zero point may be any number in a file.
        let distance = integer &- parameters.zero
        let number =
          isSingle
          ? Float(distance) * Float(parameters.scale) : Float(Double(distance) * parameters.scale)
        unsafe bytes.storeBytes(of: number.bitPattern, toByteOffset: index * 4, as: UInt32.self)
      }
    }
  }

  /// Returns the index along the axis of a box's first element, the extent of the box along it, and
  /// the number of elements between neighbours.
  private func steps(_ range: ArrayBox) -> (first: Int, extent: Int, inner: Int) {
    guard let axis, range.shape.elementCount > 0 else { return (0, 1, 1) }
    let extents = range.shape.dimensions
    return (range.offset[axis], extents[axis], extents[(axis + 1)...].reduce(1, *))
  }
}
