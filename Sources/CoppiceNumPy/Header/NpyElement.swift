import CoppiceModel

/// The element type of an array file, as its header's `descr` names it.
enum NpyElement: Hashable {
  /// Numbers, which are swapped if their bytes are in big-endian order.
  case number(DType, isSwapped: Bool)
  /// A number of a type that NumPy doesn't know or name, recognised only by its width.
  case assumed(DType)
  /// Texts of at most this many characters, four bytes each.
  case characters(Int, isSwapped: Bool)
  /// Byte strings of at most this many bytes.
  case bytes(Int)
}

extension NpyElement {
  /// The size of one element in bytes.
  var width: Int {
    switch self {
    case .number(let dtype, _), .assumed(let dtype): dtype.width
    case .characters(let count, _): count * 4
    case .bytes(let count): count
    }
  }

  /// A bound above the number of characters of any element.
  private static let maximumCount = 1 << 28

  private static let numbers: [String: DType] = [
    "b1": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8,
    "u2": .uint16, "u4": .uint32, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
    "c8": .complex64, "c16": .complex128,
  ]

  /// NumPy's names for types of ml_dtypes, where only one type has the name.
  ///
  /// NumPy's own void types begin with `|`.
  private static let unnamed: [String: DType] = ["<V2": .bfloat16, "<f1": .float8_e5m2]

  /// Reads a type of a header.
  ///
  /// - Throws: `npy.unsupported-dtype`.
  init(_ descr: PythonLiteral) throws(CoppiceError) {
    guard case .string(let text) = descr else { throw Self.structures }
    try self.init(text)
  }

  static let structures = CoppiceError(
    .npyUnsupportedDType,
    "structures of several fields can't be an array; save each field as an array of its own")

  /// Reads the name of a type, such as `<f4`.
  ///
  /// - Throws: `npy.unsupported-dtype`.
  init(_ text: String) throws(CoppiceError) {
    if let dtype = Self.unnamed[text] {
      self = .assumed(dtype)
      return
    }
    let order = text.unicodeScalars.first.flatMap { "<>|=".unicodeScalars.contains($0) ? $0 : nil }
    let name = String(text.unicodeScalars.dropFirst(order == nil ? 0 : 1))
    let isSwapped = order == ">"
    if let dtype = Self.numbers[name] {
      self = .number(dtype, isSwapped: isSwapped && dtype.width > 1)
      return
    }
    let count = Int(name.dropFirst()).flatMap { (0...Self.maximumCount).contains($0) ? $0 : nil }
    switch (name.first, count) {
    case ("U", let count?): self = .characters(count, isSwapped: isSwapped)
    case ("S", let count?), ("a", let count?): self = .bytes(count)
    default:
      throw CoppiceError(
        .npyUnsupportedDType,
        "elements of type \"\(text.printable)\" can't be an array: \(Self.description(name))")
    }
  }

  /// Returns a description of an unsupported type, with a remedy.
  private static func description(_ name: String) -> String {
    switch name.first {
    case "O": "they are Python objects, which only running code could read; save numbers or texts"
    case "V":
      "they are opaque bytes; NumPy forgets which type of ml_dtypes they were, so save a view of integers"
    case "M", "m": "they are dates or times; save them as integers"
    case "f", "c": "they are floats wider than 64 bits; save them as float64"
    default: "NumPy has no such type"
    }
  }
}
