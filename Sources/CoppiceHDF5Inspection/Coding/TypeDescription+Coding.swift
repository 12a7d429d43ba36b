import CoppiceHDF5
import CoppiceJSON
import CoppiceModel

extension CanonicalJSONWriter {
  mutating func type(_ type: TypeDescription) {
    object { $0.typeMembers(type) }
  }

  /// Writes the members in the order of their names' bytes.
  private mutating func typeMembers(_ type: TypeDescription) {
    switch type {
    case .integer(let form): integerMembers(form)
    case .float(let form): floatMembers(form)
    case .string(let count, let padding, let isUTF8):
      member("class") { $0.string("string") }
      member("padding") { $0.integer(Int(padding.rawValue)) }
      member("size") { $0.signed(count) }
      member("utf8") { $0.bool(isUTF8) }
    case .variableString(let padding, let isUTF8):
      member("class") { $0.string("variable-string") }
      member("padding") { $0.integer(Int(padding.rawValue)) }
      member("utf8") { $0.bool(isUTF8) }
    case .bitfield(let count, let isLittleEndian):
      member("class") { $0.string("bitfield") }
      member("little") { $0.bool(isLittleEndian) }
      member("size") { $0.signed(count) }
    case .opaque(let count, let tag):
      member("class") { $0.string("opaque") }
      member("size") { $0.signed(count) }
      member("tag") { $0.text(tag) }
    case .enumeration(let base, let members):
      member("base") { $0.type(base) }
      member("class") { $0.string("enum") }
      member("members") { $0.array(members) { $0.enumMember($1) } }
    case .compound(let count, let members):
      member("class") { $0.string("compound") }
      member("members") { $0.array(members) { $0.compoundMember($1) } }
      member("size") { $0.signed(count) }
    case .array(let base, let dimensions):
      member("base") { $0.type(base) }
      member("class") { $0.string("array") }
      member("dimensions") { $0.unsigneds(dimensions) }
    case .variableLength(let base):
      member("base") { $0.type(base) }
      member("class") { $0.string("variable-length") }
    case .reference(let count):
      member("class") { $0.string("reference") }
      member("size") { $0.signed(count) }
    case .unknown(let typeClass, let count):
      member("class") { $0.string("unknown") }
      member("number") { $0.integer(Int(typeClass)) }
      member("size") { $0.signed(count) }
    }
  }

  private mutating func integerMembers(_ form: TypeDescription.Integer) {
    member("class") { $0.string("integer") }
    member("little") { $0.bool(form.isLittleEndian) }
    member("offset") { $0.signed(form.bitOffset) }
    member("precision") { $0.signed(form.precision) }
    member("signed") { $0.bool(form.isSigned) }
    member("size") { $0.signed(form.byteCount) }
  }

  private mutating func floatMembers(_ form: TypeDescription.Float) {
    member("class") { $0.string("float") }
    member("fields") {
      $0.array([
        form.signPosition, form.exponentPosition, form.exponentBits, form.exponentBias,
        form.mantissaPosition, form.mantissaBits,
      ]) { $0.signed($1) }
    }
    member("normalization") { $0.integer(Int(form.normalization.rawValue)) }
    member("offset") { $0.signed(form.bitOffset) }
    member("order") { $0.integer(Int(form.order.rawValue)) }
    member("precision") { $0.signed(form.precision) }
    member("size") { $0.signed(form.byteCount) }
  }

  private mutating func enumMember(_ member: TypeDescription.EnumMember) {
    object {
      $0.member("name") { $0.text(member.name) }
      $0.member("value") { $0.hex(member.value) }
    }
  }

  private mutating func compoundMember(_ member: TypeDescription.CompoundMember) {
    object {
      $0.member("name") { $0.text(member.name) }
      $0.member("offset") { $0.signed(member.offset) }
      $0.member("type") { $0.type(member.type) }
    }
  }

  mutating func member(_ memberName: String, _ value: (inout CanonicalJSONWriter) -> Void) {
    name(memberName)
    value(&self)
  }
}

extension TypeDescription {
  /// Reads a description; the limit on nesting in documents bounds the recursion.
  init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    switch try reader.required("class").string() {
    case "integer": self = .integer(try Integer(&reader))
    case "float": self = .float(try Float(&reader))
    case "string":
      self = .string(
        byteCount: try reader.required("size").signed(), padding: try Padding(&reader),
        isUTF8: try reader.required("utf8").bool())
    case "variable-string":
      self = .variableString(
        padding: try Padding(&reader), isUTF8: try reader.required("utf8").bool())
    case "bitfield":
      self = .bitfield(
        byteCount: try reader.required("size").signed(),
        isLittleEndian: try reader.required("little").bool())
    case "opaque":
      self = .opaque(
        byteCount: try reader.required("size").signed(), tag: try reader.required("tag").text())
    case "enum":
      self = .enumeration(
        base: try TypeDescription(reader.required("base")),
        members: try reader.required("members").map {
          (node) throws(CoppiceError) in try EnumMember(node)
        })
    case "compound":
      self = .compound(
        byteCount: try reader.required("size").signed(),
        members: try reader.required("members").map {
          (node) throws(CoppiceError) in try CompoundMember(node)
        })
    case "array":
      self = .array(
        base: try TypeDescription(reader.required("base")),
        dimensions: try reader.required("dimensions").unsigneds())
    case "variable-length":
      self = .variableLength(base: try TypeDescription(reader.required("base")))
    case "reference": self = .reference(byteCount: try reader.required("size").signed())
    case "unknown":
      self = .unknown(
        typeClass: try reader.required("number").narrow(Int32.self),
        byteCount: try reader.required("size").signed())
    default: throw node.error(.jsonType, "this is no type class")
    }
    try reader.rejectUnknown()
  }
}

extension TypeDescription.Integer {
  fileprivate init(_ reader: inout JSONObjectReader) throws(CoppiceError) {
    self.init(
      byteCount: try reader.required("size").signed(),
      isSigned: try reader.required("signed").bool(),
      isLittleEndian: try reader.required("little").bool(),
      precision: try reader.required("precision").signed(),
      bitOffset: try reader.required("offset").signed())
  }
}

extension TypeDescription.Float {
  fileprivate init(_ reader: inout JSONObjectReader) throws(CoppiceError) {
    let node = try reader.required("fields")
    let fields = try node.map { (node) throws(CoppiceError) in try node.signed() }
    guard fields.count == 6,
      let order = Order(rawValue: try reader.required("order").narrow(Int32.self)),
      let normalization = Normalization(
        rawValue: try reader.required("normalization").narrow(Int32.self))
    else { throw node.error(.jsonType, "this is no form of a float") }
    self.init(
      byteCount: try reader.required("size").signed(), order: order,
      precision: try reader.required("precision").signed(),
      bitOffset: try reader.required("offset").signed(), signPosition: fields[0],
      exponentPosition: fields[1], exponentBits: fields[2], exponentBias: fields[3],
      mantissaPosition: fields[4], mantissaBits: fields[5], normalization: normalization)
  }
}

extension TypeDescription.Padding {
  fileprivate init(_ reader: inout JSONObjectReader) throws(CoppiceError) {
    let node = try reader.required("padding")
    guard let padding = Self(rawValue: try node.narrow(Int32.self)) else {
      throw node.error(.jsonType, "this is no padding")
    }
    self = padding
  }
}

extension TypeDescription.EnumMember {
  fileprivate init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    self.init(
      name: try reader.required("name").text(), value: try reader.required("value").hex())
    try reader.rejectUnknown()
  }
}

extension TypeDescription.CompoundMember {
  fileprivate init(_ node: JSONNode) throws(CoppiceError) {
    var reader = try JSONObjectReader(node)
    self.init(
      name: try reader.required("name").text(), offset: try reader.required("offset").signed(),
      type: try TypeDescription(reader.required("type")))
    try reader.rejectUnknown()
  }
}
