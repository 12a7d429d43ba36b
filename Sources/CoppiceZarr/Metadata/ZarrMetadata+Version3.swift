import CoppiceJSON
import CoppiceModel

extension ZarrMetadata {
  /// Reads a `zarr.json` document.
  init(version3 document: JSONNode, limits: ReadLimits) throws(CoppiceError) {
    var members = try JSONObjectReader(document)
    let version = try members.required("zarr_format")
    guard try version.int() == 3 else {
      throw version.error(.zarrMalformed, "zarr_format must be 3 in a zarr.json document")
    }
    let nodeType = try members.required("node_type")
    guard nodeType.stringEquals("array") else {
      throw nodeType.error(.zarrMalformed, "node_type must be array")
    }
    let shapeNode = try members.required("shape")
    shape = try Self.shape(shapeNode, limits: limits)
    let typeNode = try members.required("data_type")
    (dtype, text) = try Self.element(typeNode)
    let grid = try Extension(try members.required("chunk_grid"))
    guard grid.isNamed("regular") else {
      throw grid.node.error(.zarrUnsupported, "only regular chunk grids are read")
    }
    chunkShape = try Self.chunkShape(
      try grid.required("chunk_shape"), of: shape, limits: limits)
    keys = try Self.keys(try Extension(try members.required("chunk_key_encoding")))
    let fillNode = try members.required("fill_value")
    if let text {
      fill = FillValue(fillNode, text)
    } else {
      fill = FillValue(fillNode, dtype)
    }
    let chain = try CodecChain(
      try members.required("codecs"), chunkShape: chunkShape, dtype: dtype, text: text,
      limits: limits)
    coding = chain.coding
    shards = chain.shards
    if let transformers = members.optional("storage_transformers"), transformers.count > 0 {
      throw transformers.error(.zarrUnsupported, "storage transformers are not read")
    }
    _ = members.optional("attributes")
    _ = members.optional("dimension_names")
    try Self.checkUnknown(document, members.unknownNames)
    try addTextRows(shapeNode)
    try checkSizes(shapeNode, limits: limits)
  }

  /// Reads the element type: a name, or a name with a configuration.
  private static func element(_ node: JSONNode) throws(CoppiceError) -> (DType, ZarrText?) {
    let type = try Extension(node)
    if node.kind == .string, let dtype = DType(zarr3: type.name) { return (dtype, nil) }
    switch type.name {
    case "string": return (.uint8, .variableText)
    case "variable_length_bytes", "bytes": return (.uint8, .variableBytes)
    case "fixed_length_utf32", "null_terminated_bytes":
      let size = try type.required("length_bytes").nonNegativeInt()
      let isUTF32 = type.isNamed("fixed_length_utf32")
      guard size > 0, size <= ZarrText.mostBytes, !isUTF32 || size % 4 == 0 else {
        throw node.error(.zarrUnknownDtype, "texts of \(size) bytes are not read")
      }
      return isUTF32 ? (.uint32, .characters(size / 4)) : (.uint8, .bytes(size))
    default: throw unknownDtype(type.name, node)
    }
  }

  /// Refuses members that the specification doesn't have, unless they say that they may be ignored.
  private static func checkUnknown(_ root: JSONNode, _ names: [String]) throws(CoppiceError) {
    for name in names {
      guard let node = root[name] else { continue }
      if let must = node["must_understand"], try !must.bool() { continue }
      throw node.error(
        .zarrUnsupported, "the member \"\(name.printableName)\" is not known and must be understood"
      )
    }
  }

  private static func keys(_ encoding: Extension) throws(CoppiceError) -> ChunkKeyEncoding {
    if encoding.isNamed("default") {
      return ChunkKeyEncoding(
        style: .prefixed, separator: try separator(encoding.optional("separator"), 0x2F))
    }
    if encoding.isNamed("v2") {
      return ChunkKeyEncoding(
        style: .plain, separator: try separator(encoding.optional("separator"), 0x2E))
    }
    throw encoding.node.error(.zarrUnsupported, "the chunk key encoding is not known")
  }
}

extension ZarrMetadata {
  /// An extension point of the specification: a name with a configuration, or the bare name.
  struct Extension {
    let node: JSONNode
    let name: String
    let configuration: JSONNode?

    init(_ node: JSONNode) throws(CoppiceError) {
      self.node = node
      if node.kind == .string {
        name = try node.string()
        configuration = nil
        return
      }
      var members = try JSONObjectReader(node)
      name = try members.required("name").string()
      let configuration = members.optional("configuration")
      if let configuration { _ = try configuration.requireObject() }
      self.configuration = configuration
    }

    func isNamed(_ other: String) -> Bool { name.utf8.elementsEqual(other.utf8) }

    func optional(_ member: String) -> JSONNode? { configuration?[member] }

    func required(_ member: String) throws(CoppiceError) -> JSONNode {
      guard let found = configuration?[member] else {
        throw node.error(
          .zarrMalformed, "the configuration of \"\(name.printableName)\" has no \(member)")
      }
      return found
    }
  }
}
