import CoppiceFiles
import CoppiceModel

/// The values that Flax stores in MessagePack's extension types.
enum FlaxExtension {
  /// Types 1 and 3: an array, and a NumPy scalar as an array of rank 0.
  case array(any ArraySource)
  /// Type 2: a complex number of Python.
  case complex(real: Double, imaginary: Double)
  /// Type 4: a tuple.
  case tuple([MsgpackValue])

  /// Decodes an extension, without the bytes of arrays.
  ///
  /// - Throws: `flax.*`, `msgpack.*` when it isn't one of Flax's, or is damaged; `io.*`.
  init(
    type: Int8, _ payload: MsgpackPayload, of document: MsgpackDocument, limits: ReadLimits
  ) throws(CoppiceError) {
    switch type {
    case 1, 3: self = .array(try Self.array(payload, document, limits))
    case 2: self = try Self.complex(payload, document)
    case 4:
      guard case .array(let values) = try document.nested(payload) else {
        throw document.error(.flaxExtension, "the tuple is not an array of values", payload)
      }
      self = .tuple(values)
    default:
      throw document.error(
        .flaxExtensionType,
        "a value of the extension type \(type) can't be represented; Flax writes 1 (array), 2 (complex), 3 (scalar)",
        payload)
    }
  }

  private static func complex(
    _ payload: MsgpackPayload, _ document: MsgpackDocument
  ) throws(CoppiceError) -> FlaxExtension {
    guard case .array(let parts) = try document.nested(payload), parts.count == 2,
      let real = number(parts[0]), let imaginary = number(parts[1])
    else {
      throw document.error(.flaxExtension, "the complex number is not two numbers", payload)
    }
    return .complex(real: real, imaginary: imaginary)
  }

  private static func number(_ value: MsgpackValue) -> Double? {
    switch value {
    case .float(let number): number
    case .int(let number): Double(number)
    default: nil
    }
  }

  /// Decodes an array: a triple of shape, type name, and bytes in C order.
  private static func array(
    _ payload: MsgpackPayload, _ document: MsgpackDocument, _ limits: ReadLimits
  ) throws(CoppiceError) -> any ArraySource {
    guard case .array(let parts) = try document.nested(payload), parts.count == 3,
      case .array(let extents) = parts[0], case .bytes(let bytes) = parts[2]
    else {
      throw document.error(
        .flaxExtension, "the array is not a triple of shape, type and bytes", payload)
    }
    let shape = try shape(extents, payload, document, limits)
    let dtype = try dtype(parts[1], payload, document)
    guard shape.byteCount(of: dtype) == bytes.count else {
      throw document.error(
        .flaxExtension,
        "an array of \(dtype) \(shape) has \(bytes.count) bytes, which is not its size", payload)
    }
    return try source(dtype, shape, try document.bytes(bytes))
  }

  private static func dtype(
    _ name: MsgpackValue, _ payload: MsgpackPayload, _ document: MsgpackDocument
  ) throws(CoppiceError) -> DType {
    guard case .string(let name) = name else {
      throw document.error(.flaxExtension, "the array's type is \(name.kind), not text", payload)
    }
    guard let dtype = DType(rawValue: name) else {
      throw document.error(
        .flaxDType, "elements of the unknown type \"\(name.printable)\" can't be an array", payload)
    }
    return dtype
  }

  /// Reads a shape of integers.
  static func shape(
    _ extents: [MsgpackValue], _ payload: MsgpackPayload?, _ document: MsgpackDocument,
    _ limits: ReadLimits
  ) throws(CoppiceError) -> Shape {
    guard extents.count <= limits.rank else {
      throw document.error(
        .flaxExtension,
        "the array has \(extents.count) dimensions; at most \(limits.rank) are read",
        payload)
    }
    let dimensions = extents.compactMap(\.integer)
    guard dimensions.count == extents.count, let shape = Shape(dimensions) else {
      throw document.error(
        .flaxExtension, "the array's shape is not a list of sizes, or too large", payload)
    }
    return shape
  }

  /// Returns the elements as a source, which clears the unused bits of types below a byte.
  static func source(
    _ dtype: DType, _ shape: Shape, _ bytes: any ByteSource
  ) throws(CoppiceError) -> any ArraySource {
    // NumPy sign-extends them in memory, and so in these files.
    if dtype.significantBits < 8, dtype != .bool {
      let mask = UInt8((1 << dtype.significantBits) - 1)
      return try NDArray(dtype: dtype, shape: shape) {
        (target: inout MutableRawSpan) throws(CoppiceError) in
        try bytes.read(at: 0, into: &target)
        for index in target.byteOffsets {
          let byte = unsafe target.unsafeLoad(fromByteOffset: index, as: UInt8.self)
          target.storeBytes(of: byte & mask, toByteOffset: index, as: UInt8.self)
        }
      }
    }
    guard let source = ContiguousArraySource(dtype: dtype, shape: shape, bytes: bytes) else {
      throw CoppiceError(.flaxExtension, "the array's bytes are not as many as its shape has")
    }
    return source
  }
}
