import CoppiceFiles
import CoppiceModel

/// An array as a file stores it, with its name and type there.
struct OutputTensor {
  var name: String
  var treePath: TreePath
  var type: TensorType
  /// The shape in the header.
  var shape: Shape
  /// An array whose bytes in C order are written to the file.
  var source: any ArraySource

  var byteCount: Int { source.byteCount }
}

extension OutputTensor: FlatArray {
  /// The naming rules of the format's libraries.
  static let naming = FlatNaming(
    separator: (".", "dots"), nameOfOnly: ("", "an empty name"),
    collision: (.safetensorsNameCollision, "a safetensors file"))

  /// Makes a tensor from an array.
  ///
  /// - Throws: `safetensors.reserved-name`, `safetensors.shape-overflow`.
  static func make(
    of source: any ArraySource, named name: String, at path: TreePath
  ) throws(CoppiceError) -> (array: OutputTensor, note: String?) {
    guard !name.utf8.elementsEqual(Header.metadataName.utf8) else {
      throw CoppiceError(
        .safetensorsReservedName,
        "safetensors keeps the name \(name) for metadata; an array can't have it",
        at: .init(treePath: path.description))
    }
    guard let made = of(source, named: name, at: path) else {
      throw CoppiceError(
        .safetensorsShapeOverflow, "the array's size overflows 64 bits",
        at: .init(treePath: path.description))
    }
    return made
  }

  /// Makes a tensor in the nearest type; returns `nil` if the size overflows.
  private static func of(
    _ source: any ArraySource, named name: String, at path: TreePath
  ) -> (array: OutputTensor, note: String?)? {
    func tensor(_ type: TensorType, _ shape: Shape, _ source: (any ArraySource)?) -> OutputTensor? {
      guard let source else { return nil }
      return OutputTensor(name: name, treePath: path, type: type, shape: shape, source: source)
    }
    let shape = source.shape
    if let type = TensorType(holding: source.dtype) {
      if type != .f4 { return tensor(type, shape, source).map { ($0, nil) } }
      if let packed = tensor(.f4, shape, PackedFloat4Source(packing: source)) {
        return (packed, nil)
      }
      let codes = ReinterpretedSource(source, dtype: .uint8, shape: shape)
      return tensor(.u8, shape, codes).map {
        ($0, "an odd number of \(source.dtype) can't be packed; written as U8 codes")
      }
    }
    switch source.dtype {
    case .int2, .int4:
      return tensor(.i8, shape, MappedBytesSource(signExtending: source)).map {
        ($0, "\(source.dtype) is not in the format; the values are written as I8")
      }
    case .uint2, .uint4:
      let bytes = ReinterpretedSource(source, dtype: .uint8, shape: shape)
      return tensor(.u8, shape, bytes).map {
        ($0, "\(source.dtype) is not in the format; the values are written as U8")
      }
    case .complex128:
      guard let pairs = Shape(shape.dimensions + [2]) else { return nil }
      let parts = ReinterpretedSource(source, dtype: .float64, shape: pairs)
      return tensor(.f64, pairs, parts).map {
        (
          $0,
          "complex128 is not in the format; real and imaginary parts are written as F64 along a "
            + "last dimension of 2"
        )
      }
    default:
      let bits = ReinterpretedSource(source, dtype: .uint8, shape: shape)
      return tensor(.u8, shape, bits).map {
        ($0, "\(source.dtype) is not in the format; the bits are written as U8")
      }
    }
  }
}
