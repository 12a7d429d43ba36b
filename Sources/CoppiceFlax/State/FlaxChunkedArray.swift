import CoppiceFiles
import CoppiceModel

/// An array too large for one MessagePack value, which Flax saves as a map of chunks.
///
/// The map is `{"__msgpack_chunked_array__": true, "shape": {"0": …}, "chunks": {"0": …}}`.
enum FlaxChunkedArray {
  static let mark = "__msgpack_chunked_array__"

  /// Returns whether a map represents an array.
  static func isMarked(_ entries: [MsgpackValue.Entry]) -> Bool {
    entries.count == 3 && entries.contains { $0.key == .string(mark) }
  }

  /// Joins the chunks without reading them.
  static func source(
    _ map: MsgpackValue, of document: MsgpackDocument, limits: ReadLimits
  ) throws(CoppiceError) -> any ArraySource {
    guard let extents = numbered(map["shape"]), let chunks = numbered(map["chunks"]) else {
      throw document.error(
        .flaxChunks, "the array in pieces has no numbered \"shape\" and \"chunks\"")
    }
    let shape = try FlaxExtension.shape(extents, nil, document, limits)
    var pieces: [any ByteSource] = []
    var dtype: DType?
    for chunk in chunks {
      guard case .ext(let type, let payload) = chunk,
        case .array(let piece) = try FlaxExtension(
          type: type, payload, of: document, limits: limits)
      else { throw document.error(.flaxChunks, "a piece of the array is not an array") }
      guard dtype == nil || dtype == piece.dtype, let bytes = piece.contiguousBytes else {
        throw document.error(.flaxChunks, "the pieces of the array are of two types")
      }
      dtype = piece.dtype
      pieces.append(bytes)
    }
    let whole = JoinedBytes(pieces)
    guard let dtype, shape.byteCount(of: dtype) == whole.byteCount else {
      throw document.error(
        .flaxChunks,
        "the pieces have \(whole.byteCount) bytes, which is not the size of an array \(shape)")
    }
    return try FlaxExtension.source(dtype, shape, whole)
  }

  /// Returns the values of a map whose keys are "0", "1", … without a gap, in that order.
  private static func numbered(_ value: MsgpackValue?) -> [MsgpackValue]? {
    guard case .map(let entries)? = value else { return nil }
    var values: [Int: MsgpackValue] = [:]
    for entry in entries {
      guard case .string(let name) = entry.key, let number = Int(name) else { return nil }
      values[number] = entry.value
    }
    let ordered = (0..<entries.count).compactMap { values[$0] }
    return ordered.count == entries.count ? ordered : nil
  }
}
