import CoppiceHDF5
import CoppiceJSON
import CoppiceModel

extension CanonicalJSONWriter {
  mutating func layout(_ layout: DatasetOutline.Layout) {
    object { writer in
      switch layout {
      case .contiguous(let range):
        writer.member("kind") { $0.string("contiguous") }
        if let range { writer.member("range") { $0.range(range) } }
      case .compact(let bytes):
        if let bytes { writer.member("bytes") { $0.hex(bytes) } }
        writer.member("kind") { $0.string("compact") }
      case .chunked(let shape, let filters, let chunks):
        writer.member("chunks") { $0.chunks(chunks) }
        writer.member("filters") { $0.array(filters) { $0.filter($1) } }
        writer.member("kind") { $0.string("chunked") }
        writer.member("shape") { $0.unsigneds(shape) }
      case .virtual(let mappings):
        writer.member("kind") { $0.string("virtual") }
        writer.member("mappings") {
          $0.array(mappings) { writer, mapping in
            if let mapping { writer.mapping(mapping) } else { writer.null() }
          }
        }
      case .external(let count):
        writer.member("count") { $0.signed(count) }
        writer.member("kind") { $0.string("external") }
      }
    }
  }

  /// Writes chunks as columns, since there may be many.
  ///
  /// The scanner has checked that all numbers are exact in JSON.
  private mutating func chunks(_ chunks: [Chunk]) {
    object {
      $0.member("address") { $0.integerColumn(chunks.map { Int(clamping: $0.range.offset) }) }
      $0.member("mask") { $0.integerColumn(chunks.map { Int($0.filterMask) }) }
      $0.member("offset") {
        $0.integerColumn(chunks.flatMap { $0.offset.map { Int(clamping: $0) } })
      }
      $0.member("size") { $0.integerColumn(chunks.map { Int(clamping: $0.range.byteCount) }) }
    }
  }

  private mutating func filter(_ filter: Filter) {
    object {
      $0.member("flags") { $0.integer(Int(filter.flags)) }
      $0.member("id") { $0.integer(Int(filter.identifier)) }
      $0.member("values") { $0.integerColumn(filter.values.map(Int.init)) }
    }
  }

  private mutating func mapping(_ mapping: VirtualMapping) {
    object {
      $0.member("box") { $0.box(mapping.box) }
      $0.member("source-box") { $0.box(mapping.sourceBox) }
      $0.member("source-dimensions") { $0.unsigneds(mapping.sourceDimensions) }
      $0.member("source-file") { $0.text(mapping.sourceFile) }
      $0.member("source-path") { $0.text(mapping.sourcePath) }
    }
  }
}

extension DatasetOutline.Layout {
  init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    switch try reader.required("kind").string() {
    case "contiguous":
      let range = reader.optional("range")
      self = .contiguous(try range.map { (node) throws(CoppiceError) in try FileRange(node) })
    case "compact":
      let bytes = reader.optional("bytes")
      self = .compact(try bytes.map { (node) throws(CoppiceError) in try node.hex() })
    case "chunked":
      let shape = try reader.required("shape").unsigneds()
      self = .chunked(
        shape: shape,
        filters: try reader.required("filters").map {
          (node) throws(CoppiceError) in try Filter(node)
        },
        chunks: try Self.chunks(reader.required("chunks"), rank: shape.count))
    case "virtual":
      self = .virtual(
        try reader.required("mappings").map { (node) throws(CoppiceError) in
          node.isNull ? nil : try VirtualMapping(node)
        })
    case "external": self = .external(count: try reader.required("count").signed())
    default: throw node.error(.jsonType, "this is no layout")
    }
    try reader.rejectUnknown()
  }

  private static func chunks(_ node: JSONNode, rank: Int) throws(CoppiceError) -> [Chunk] {
    var reader = try JSONObjectReader(node)
    let addresses = try reader.required("address").nonNegativeIntegerColumn()
    let masks = try reader.required("mask").nonNegativeIntegerColumn()
    let offsets = try reader.required("offset").nonNegativeIntegerColumn()
    let sizes = try reader.required("size").nonNegativeIntegerColumn()
    try reader.rejectUnknown()
    let count = addresses.count
    guard masks.count == count, sizes.count == count,
      offsets.count == count.multipliedReportingOverflow(by: rank).partialValue,
      masks.allSatisfy({ $0 <= Int(UInt32.max) })
    else { throw node.error(.jsonType, "the columns of chunks don't agree") }
    return (0..<count).map { index in
      Chunk(
        offset: offsets[index * rank..<(index + 1) * rank].map(UInt64.init),
        filterMask: UInt32(masks[index]),
        range: FileRange(
          offset: UInt64(addresses[index]), byteCount: UInt64(sizes[index])))
    }
  }
}

extension Filter {
  fileprivate init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    self.init(
      identifier: try reader.required("id").narrow(Int32.self),
      flags: try reader.required("flags").narrow(UInt32.self),
      values: try reader.required("values").map {
        (node) throws(CoppiceError) in try node.narrow(UInt32.self)
      })
    try reader.rejectUnknown()
  }
}

extension VirtualMapping {
  fileprivate init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    self.init(
      box: try Box(reader.required("box")),
      sourceFile: try reader.required("source-file").text(),
      sourcePath: try reader.required("source-path").text(),
      sourceDimensions: try reader.required("source-dimensions").unsigneds(),
      sourceBox: try Box(reader.required("source-box")))
    try reader.rejectUnknown()
  }
}
