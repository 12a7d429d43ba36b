import CoppiceJSON
import CoppiceModel

extension ZarrMetadata {
  /// Reads a `.zarray` document.
  init(version2 document: JSONNode, limits: ReadLimits) throws(CoppiceError) {
    var members = try JSONObjectReader(document)
    let version = try members.required("zarr_format")
    guard try version.int() == 2 else {
      throw version.error(.zarrMalformed, "zarr_format must be 2 in a .zarray document")
    }
    let shapeNode = try members.required("shape")
    shape = try Self.shape(shapeNode, limits: limits)
    chunkShape = try Self.chunkShape(
      try members.required("chunks"), of: shape, limits: limits)
    let filters = try Self.filters(members.optional("filters"))
    let typeNode = try members.required("dtype")
    let isBigEndian: Bool
    (dtype, text, isBigEndian) = try Self.element(typeNode, filters)
    coding = ChunkCoding(isBigEndian: isBigEndian)
    for filter in filters where !filter.isOfTexts {
      coding.codecs.append(try filter.codec(isBigEndian: isBigEndian))
    }
    if let compressor = try NumcodecsCodec(try members.required("compressor")) {
      coding.codecs.append(try compressor.codec(isBigEndian: isBigEndian))
    }
    let order = try members.required("order")
    switch try order.string() {
    case "C": break
    case "F": coding.order = Array((0..<shape.rank).reversed())
    default: throw order.error(.zarrMalformed, "order must be C or F")
    }
    keys = ChunkKeyEncoding(
      style: .plain, separator: try Self.separator(members.optional("dimension_separator"), 0x2E))
    let fillNode = members.optional("fill_value")
    if let text {
      fill = FillValue(fillNode, text)
    } else {
      fill = FillValue(fillNode, dtype)
    }
    try addTextRows(shapeNode)
    try checkSizes(shapeNode, limits: limits)
  }

  private static func filters(_ node: JSONNode?) throws(CoppiceError) -> [NumcodecsCodec] {
    guard let node, !node.isNull else { return [] }
    var filters: [NumcodecsCodec] = []
    for element in try node.array() {
      if let filter = try NumcodecsCodec(element) { filters.append(filter) }
    }
    return filters
  }

  private static func element(
    _ node: JSONNode, _ filters: [NumcodecsCodec]
  ) throws(CoppiceError) -> (DType, ZarrText?, Bool) {
    guard node.kind == .string else {
      throw node.error(.zarrUnknownDtype, "elements with fields are not read")
    }
    let name = try node.string()
    if name == "|O" {
      // The first filter turns objects into bytes; all others apply to these.
      guard let first = filters.first, let text = first.text else {
        throw node.error(
          .zarrUnknownDtype,
          "elements are Python objects coded with "
            + (filters.first.map { "\"\($0.name.printableName)\"" } ?? "an unknown filter")
            + "; texts (vlen-utf8) and byte strings (vlen-bytes) are read")
      }
      return (.uint8, text, false)
    }
    if let misplaced = filters.first(where: \.isOfTexts) {
      throw misplaced.node.error(
        .zarrMalformed, "the filter \"\(misplaced.name.printableName)\" is for objects")
    }
    if let (text, isBigEndian) = DType.zarr2Text(name), let row = text.row {
      return (row.dtype, text, isBigEndian)
    }
    guard let (dtype, isBigEndian) = DType.zarr2(name) else { throw unknownDtype(name, node) }
    return (dtype, nil, isBigEndian)
  }

  /// Reads the separator of chunk keys.
  static func separator(_ node: JSONNode?, _ standard: UInt8) throws(CoppiceError) -> UInt8 {
    guard let node, !node.isNull else { return standard }
    switch try node.string() {
    case ".": return 0x2E
    case "/": return 0x2F
    default: throw node.error(.zarrMalformed, "the separator of chunk keys must be \".\" or \"/\"")
    }
  }
}

/// A codec or filter of numcodecs, as zarr 2 names it.
struct NumcodecsCodec {
  let node: JSONNode
  let name: String
  private let configuration: JSONNode

  /// Reads an object of zarr 2; `nil` for `null`.
  init?(_ node: JSONNode) throws(CoppiceError) {
    if node.isNull { return nil }
    var members = try JSONObjectReader(node)
    self.node = node
    name = try members.required("id").string()
    configuration = node
  }

  /// Makes a codec of a name and its configuration.
  init(_ node: JSONNode, name: String, configuration: JSONNode?) {
    self.node = node
    self.name = name
    self.configuration = configuration ?? node
  }

  /// The type of the texts that the filter stores.
  var text: ZarrText? { ZarrText.codecs.first { $0.name.utf8.elementsEqual(name.utf8) }?.text }
  var isOfTexts: Bool { text != nil }

  /// Returns the codec that decodes it.
  ///
  /// - Throws: `zarr.unknown-codec`.
  func codec(isBigEndian: Bool) throws(CoppiceError) -> ChunkCoding.ByteCodec {
    switch name {
    case "zstd": return .zstd
    case "gzip": return .gzip
    case "zlib": return .zlib
    case "blosc": return .blosc
    case "lz4": return .lz4
    case "shuffle":
      let width = try configuration["elementsize"]?.nonNegativeInt() ?? 4
      guard (1...64).contains(width) else {
        throw node.error(.zarrMalformed, "elements of \(width) bytes can't be shuffled")
      }
      return .shuffle(elementBytes: width)
    case "delta":
      let type = try configuration["dtype"]?.string() ?? ""
      let stored = try configuration["astype"]?.string() ?? type
      guard !isBigEndian, stored == type, let (dtype, isSwapped) = DType.zarr2(type), !isSwapped,
        dtype.kind == .signedInteger || dtype.kind == .unsignedInteger
      else {
        throw node.error(
          .zarrUnknownCodec, "the filter \"delta\" is read of little-endian integers only")
      }
      return .delta(elementBytes: dtype.width)
    default: throw ZarrMetadata.unknownCodec(name, node)
    }
  }
}

extension String {
  /// The text as messages show it.
  var printableName: String { printable }
}
