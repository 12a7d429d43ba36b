import CoppiceModel
import CoppiceZarr

extension OutputArray {
  /// Returns the array's description: `zarr.json` or `.zarray`.
  func description(zstdLevel: Int?) throws(CoppiceError) -> [UInt8] {
    var writer = DocumentWriter()
    try writer.value(usesVersion3 ? version3(zstdLevel) : version2(zstdLevel))
    return writer.bytes
  }

  private func version3(_ zstdLevel: Int?) -> JSON {
    let order = JSON.object([.init("endian", .string("little"))])
    var codecs = [Self.named("bytes", dtype.swapWidth > 1 ? order : Optional.none)]
    if let zstdLevel {
      codecs.append(
        Self.named(
          "zstd",
          .object([.init("level", .integer(zstdLevel)), .init("checksum", .bool(false))])))
    }
    let grid = JSON.object([.init("chunk_shape", Self.extents(chunk))])
    return .object([
      .init("zarr_format", .integer(3)), .init("node_type", .string("array")),
      .init("shape", Self.extents(source.shape)), .init("data_type", .string(dtype.rawValue)),
      .init("chunk_grid", Self.named("regular", grid)),
      .init("chunk_key_encoding", Self.named("default", nil)), .init("fill_value", fill),
      .init("codecs", .array(codecs)),
    ])
  }

  private func version2(_ zstdLevel: Int?) -> JSON {
    let compressor = zstdLevel.map { level in
      JSON.object([.init("id", .string("zstd")), .init("level", .integer(level))])
    }
    return .object([
      .init("zarr_format", .integer(2)), .init("shape", Self.extents(source.shape)),
      .init("chunks", Self.extents(chunk)), .init("dtype", .string(dtype.zarr2Name)),
      .init("compressor", compressor ?? .null), .init("fill_value", .null),
      .init("filters", .null), .init("order", .string("C")),
      .init("dimension_separator", .string(".")),
    ])
  }

  private static func named(_ name: String, _ configuration: JSON?) -> JSON {
    var members = [JSON.Member("name", .string(name))]
    if let configuration { members.append(.init("configuration", configuration)) }
    return .object(members)
  }

  private static func extents(_ shape: Shape) -> JSON {
    .array(shape.dimensions.map { .integer($0) })
  }

  private var fill: JSON {
    switch dtype.kind {
    case .bool: .bool(false)
    case .complex: .array([.number("0.0"), .number("0.0")])
    case .float: .number("0.0")
    case .signedInteger, .unsignedInteger: .integer(0)
    }
  }
}
