import CoppiceFiles
import CoppiceJSON
import CoppiceModel

extension ZarrMetadata {
  /// Reads a `.zarray` document.
  init(version2 document: JSONDocument, limits: ReadLimits) throws(CoppiceError) {
    var members = try JSONObjectReader(document.root)
    let version = try members.required("zarr_format")
    guard try version.int() == 2 else {
      throw version.error(.zarrMalformed, "zarr_format must be 2 in a .zarray document")
    }
    let shapeNode = try members.required("shape")
    shape = try Self.shape(shapeNode, limits: limits)
    chunkShape = try Self.chunkShape(
      try members.required("chunks"), of: shape, limits: limits)
    let typeNode = try members.required("dtype")
    guard typeNode.kind == .string else {
      throw typeNode.error(.zarrUnknownDtype, "elements with fields are not read")
    }
    let name = try typeNode.string()
    guard let (dtype, isBigEndian) = DType.zarr2(name) else {
      throw Self.unknownDtype(name, typeNode)
    }
    self.dtype = dtype
    coding = ChunkCoding(isBigEndian: isBigEndian)
    coding.codecs = try Self.compressor(try members.required("compressor"))
    if let filters = members.optional("filters"), !filters.isNull, filters.count > 0 {
      throw Self.unknownCodec(try filters[0]?["id"]?.string() ?? "?", filters)
    }
    let order = try members.required("order")
    switch try order.string() {
    case "C": break
    case "F": coding.order = Array((0..<shape.rank).reversed())
    default: throw order.error(.zarrMalformed, "order must be C or F")
    }
    keys = ChunkKeyEncoding(
      style: .plain, separator: try Self.separator(members.optional("dimension_separator"), 0x2E))
    sharding = nil
    fill = FillValue(members.optional("fill_value"), dtype)
    try checkSizes(shapeNode, limits: limits)
  }

  private static func compressor(
    _ node: JSONNode
  ) throws(CoppiceError) -> [ChunkCoding.ByteCodec] {
    if node.isNull { return [] }
    var members = try JSONObjectReader(node)
    let name = try members.required("id").string()
    switch name {
    case "zstd": return [.zstd]
    case "gzip": return [.gzip]
    case "zlib": return [.zlib]
    default: throw unknownCodec(name, node)
    }
  }

  /// Reads the separator of chunk keys.
  static func separator(_ node: JSONNode?, _ standard: UInt8) throws(CoppiceError) -> UInt8 {
    guard let node else { return standard }
    switch try node.string() {
    case ".": return 0x2E
    case "/": return 0x2F
    default: throw node.error(.zarrMalformed, "the separator of chunk keys must be \".\" or \"/\"")
    }
  }
}

extension String {
  /// The text as messages show it.
  var printableName: String { printable }
}
