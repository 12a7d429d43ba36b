import CoppiceHDF5
import CoppiceJSON
import CoppiceModel

extension CanonicalJSONWriter {
  mutating func attributes(_ attributes: [FileOutline.Attribute]) {
    array(attributes) { writer, attribute in
      writer.object {
        switch attribute.value.contents {
        case .bytes(let bytes): $0.member("bytes") { $0.hex(bytes) }
        case .strings, .omitted: break
        }
        $0.member("extent") { $0.extent(attribute.value.extent) }
        $0.member("name") { $0.text(attribute.name) }
        if case .strings(let strings) = attribute.value.contents {
          $0.member("strings") { $0.array(strings) { $0.text($1) } }
        }
        $0.member("type") { $0.type(attribute.value.type) }
      }
    }
  }
}

extension FileOutline.Attribute {
  init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    let name = try reader.required("name").text()
    var contents = AttributeValue.Contents.omitted
    if let bytes = reader.optional("bytes") { contents = .bytes(try bytes.hex()) }
    if let strings = reader.optional("strings") {
      contents = .strings(try strings.map { (node) throws(CoppiceError) in try node.text() })
    }
    self.init(
      name: name,
      value: AttributeValue(
        type: try TypeDescription(reader.required("type")),
        extent: try Extent(reader.required("extent")), contents: contents))
    try reader.rejectUnknown()
  }
}
