import CoppiceHDF5
package import CoppiceJSON
package import CoppiceModel

extension FileOutline {
  /// Returns the outline as JSON.
  package func json() -> [UInt8] {
    var writer = CanonicalJSONWriter()
    write(to: &writer)
    return writer.finish()
  }

  /// Writes the outline as one JSON value.
  func write(to writer: inout CanonicalJSONWriter) {
    writer.object {
      $0.member("entries") { $0.array(entries) { $0.entry($1) } }
      $0.member("size") { $0.unsigned(byteCount) }
    }
  }

  /// Reads an outline from the bytes of a document.
  ///
  /// - Throws: `json.*` when they aren't an outline.
  package init(json: [UInt8], limits: ReadLimits = .standard) throws(CoppiceError) {
    try self.init(JSONDocument(parsing: json, limits: limits).root)
  }

  /// Reads an outline from JSON.
  ///
  /// - Throws: `json.*` when it isn't an outline.
  package init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    self.init(
      byteCount: try reader.required("size").unsigned(),
      entries: try reader.required("entries").map { (node) throws(CoppiceError) in try Entry(node) }
    )
    try reader.rejectUnknown()
  }
}

extension CanonicalJSONWriter {
  fileprivate mutating func entry(_ entry: FileOutline.Entry) {
    object {
      switch entry.content {
      case .group(let attributes):
        $0.member("attributes") { $0.attributes(attributes) }
        $0.entryHead("group", entry.path)
      case .dataset(let dataset): $0.datasetMembers(dataset, path: entry.path)
      case .datatype(let type):
        $0.entryHead("datatype", entry.path)
        $0.member("type") { $0.type(type) }
      case .sameObject(let first):
        $0.entryHead("same", entry.path)
        $0.member("target") { $0.text(first) }
      case .softLink(let target):
        $0.entryHead("soft", entry.path)
        $0.member("target") { $0.text(target) }
      case .externalLink(let file, let target):
        $0.member("file") { $0.text(file) }
        $0.entryHead("external", entry.path)
        $0.member("target") { $0.text(target) }
      case .userDefinedLink(let type):
        $0.entryHead("user-defined", entry.path)
        $0.member("type") { $0.integer(Int(type)) }
      case .unknown: $0.entryHead("unknown", entry.path)
      case .unreadable(let code, let message):
        $0.member("code") { $0.string(code.rawValue) }
        $0.entryHead("unreadable", entry.path)
        $0.member("reason") { $0.string(message) }
      }
    }
  }

  private mutating func entryHead(_ kind: String, _ path: [UInt8]) {
    member("kind") { $0.string(kind) }
    member("path") { $0.text(path) }
  }

  private mutating func datasetMembers(_ dataset: DatasetOutline, path: [UInt8]) {
    member("attributes") { $0.attributes(dataset.attributes) }
    if let extent = dataset.extent { member("extent") { $0.extent(extent) } }
    if let fill = dataset.fillValue { member("fill") { $0.hex(fill) } }
    member("kind") { $0.string("dataset") }
    member("layout") { $0.layout(dataset.layout) }
    member("path") { $0.text(path) }
    if let strings = dataset.strings {
      member("strings") { $0.array(strings) { $0.text($1) } }
    }
    member("type") { $0.type(dataset.type) }
  }
}

extension FileOutline.Entry {
  fileprivate init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    let path = try reader.required("path").text()
    let content: FileOutline.Content
    switch try reader.required("kind").string() {
    case "group": content = .group(attributes: try Self.attributes(&reader))
    case "dataset": content = .dataset(try Self.dataset(&reader))
    case "datatype": content = .datatype(try TypeDescription(reader.required("type")))
    case "same": content = .sameObject(as: try reader.required("target").text())
    case "soft": content = .softLink(target: try reader.required("target").text())
    case "external":
      content = .externalLink(
        file: try reader.required("file").text(), path: try reader.required("target").text())
    case "user-defined":
      content = .userDefinedLink(type: try reader.required("type").narrow(Int32.self))
    case "unknown": content = .unknown
    case "unreadable":
      let code = CoppiceError.Code(rawValue: try reader.required("code").string())
      guard code == .hdf5Invalid || code == .hdf5NewerVersion else {
        throw node.error(.jsonType, "this is no code of an object")
      }
      content = .unreadable(code, try reader.required("reason").string())
    default: throw node.error(.jsonType, "this is no kind of entry")
    }
    try reader.rejectUnknown()
    self.init(path: path, content: content)
  }

  private static func attributes(
    _ reader: inout JSONObjectReader
  ) throws(CoppiceError) -> [FileOutline.Attribute] {
    try reader.required("attributes").map {
      (node) throws(CoppiceError) in try FileOutline.Attribute(node)
    }
  }

  private static func dataset(
    _ reader: inout JSONObjectReader
  ) throws(CoppiceError) -> DatasetOutline {
    let attributes = try attributes(&reader)
    let extent = reader.optional("extent")
    let fill = reader.optional("fill")
    let layout = try DatasetOutline.Layout(reader.required("layout"))
    let strings = reader.optional("strings")
    return DatasetOutline(
      type: try TypeDescription(reader.required("type")),
      extent: try extent.map { (node) throws(CoppiceError) in try Extent(node) }, layout: layout,
      fillValue: try fill.map { (node) throws(CoppiceError) in try node.hex() },
      attributes: attributes,
      strings: try strings.map { (node) throws(CoppiceError) in
        try node.map { (node) throws(CoppiceError) in try node.text() }
      })
  }
}
