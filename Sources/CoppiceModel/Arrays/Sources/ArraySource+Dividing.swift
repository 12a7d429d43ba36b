extension ArraySource {
  /// Returns a cut of the array into boxes of about a number of bytes, which can be read independently of one another.
  ///
  /// - Parameters:
  ///   - limit: The bytes of a box; boxes are larger where a unit of decoding or a chunk is.
  ///   - chunk: The extents at whose multiples boxes begin.
  /// - Returns: The dimension that is cut, and the extent of a box along it; `nil` for an array that isn't cut.
  package func cut(
    intoBytes limit: Int, alongChunks chunk: Shape? = nil
  ) -> (dimension: Int, extent: Int)? {
    let wanted = (byteCount - 1) / max(limit, 1) + 1
    guard wanted > 1 else { return nil }
    let unit = decodingUnit
    var best: (dimension: Int, step: Int, rows: Int)?
    for (dimension, extent) in shape.dimensions.enumerated() {
      let chunkExtent = max(chunk?.dimensions[dimension] ?? 1, 1)
      // Several units, or chunks, that begin where a chunk does.
      let step = (unit.dimensions[dimension] - 1) / chunkExtent * chunkExtent + chunkExtent
      let rows = (extent - 1) / step + 1
      if rows > best?.rows ?? 1 { best = (dimension, step, rows) }
      // The outermost dimension with enough rows: its boxes are contiguous.
      if rows >= wanted { break }
    }
    guard let best else { return nil }
    let boxes = min(wanted, best.rows)
    return (best.dimension, ((best.rows - 1) / boxes + 1) * best.step)
  }
}

extension Shape {
  /// The shape of a single element, with as many dimensions.
  package var ofOneElement: Shape { Shape(dimensions.map { _ in 1 }) ?? self }
}
