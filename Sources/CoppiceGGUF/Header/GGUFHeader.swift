import CoppiceModel

/// The header at the beginning of a file: metadata, and the names, types, shapes and places of tensors.
struct GGUFHeader: Sendable {
  /// One tensor as the header describes it.
  struct Tensor: Sendable {
    var name: String
    /// The extents in NumPy's order; in the file, the dimension that varies fastest comes first.
    var shape: Shape
    /// The type of the elements; `nil` for one that the format doesn't define.
    var type: GGUFTensorType?
    /// The reason why no array can represent the tensor: its type.
    var fault: CoppiceError?
    /// The offset of the first byte, counted from the beginning of the data.
    var offset: Int
    /// The size in the file; 0 for an unknown type.
    var byteCount: Int
  }

  /// The metadata in the header's order.
  var metadata: [JSON.Member] = []

  /// The tensors in the header's order.
  var tensors: [Tensor] = []

  /// Whether all numbers of the file have their most significant byte first.
  var isBigEndian: Bool

  /// The offset of the first byte of the data.
  var dataOffset = 0

  /// The number of which each tensor's offset is a multiple.
  var alignment = 32

  /// The first bytes of every file.
  static let magic = Array("GGUF".utf8)

  /// The versions that are read; their layouts are the same.
  static let versions = UInt32(2)...3

  /// Returns the metadata value of a key if it is a non-negative integer.
  func count(_ key: String) -> Int? {
    guard case .number(let text)? = metadata.first(where: { $0.name == key })?.value,
      let number = Int(text), number >= 0
    else { return nil }
    return number
  }

  /// Returns an error about a tensor.
  static func error(
    _ code: CoppiceError.Code, _ message: String, tensor: String, file: String
  ) -> CoppiceError {
    CoppiceError(
      code, message, at: .init(file: file, treePath: TreePath([.key(.string(tensor))]).description))
  }
}
