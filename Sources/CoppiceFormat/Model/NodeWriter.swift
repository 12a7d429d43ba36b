import CoppiceJSON
import CoppiceModel

/// A writer of the nodes of a tree.
///
/// Spec: MET-32, MET-33.
enum NodeWriter {
  static func write(_ node: Tree<Int>, to writer: inout CanonicalJSONWriter) {
    writer.beginObject()
    switch node {
    case .leaf(let ordinal):
      writer.name("leaf")
      writer.integer(ordinal)
    case .dict(let entries):
      writer.name("dict")
      writer.beginArray()
      for entry in entries {
        writer.beginArray()
        write(entry.key, to: &writer)
        write(entry.node, to: &writer)
        writer.endArray()
      }
      writer.endArray()
    case .list(let nodes):
      writer.name("list")
      write(nodes, to: &writer)
    case .tuple(let nodes):
      writer.name("tuple")
      write(nodes, to: &writer)
    case .record(let record):
      writer.name("record")
      write(record, to: &writer)
    case .value(let value): write(value, to: &writer)
    }
    writer.endObject()
  }

  private static func write(_ nodes: [Tree<Int>], to writer: inout CanonicalJSONWriter) {
    writer.beginArray()
    for node in nodes { write(node, to: &writer) }
    writer.endArray()
  }

  private static func write(_ record: Tree<Int>.Record, to writer: inout CanonicalJSONWriter) {
    writer.beginObject()
    writer.name("fields")
    writer.beginArray()
    for field in record.fields {
      writer.beginArray()
      writer.string(field.name)
      write(field.node, to: &writer)
      writer.endArray()
    }
    writer.endArray()
    writer.name("type")
    writer.string(record.type)
    writer.endObject()
  }

  private static func write(_ key: TreeKey, to writer: inout CanonicalJSONWriter) {
    switch key {
    case .string(let text): writer.string(text)
    case .integer(let number):
      writer.beginObject()
      writer.name("int")
      writer.string(String(number))
      writer.endObject()
    }
  }

  private static func write(_ value: TreeValue, to writer: inout CanonicalJSONWriter) {
    switch value {
    case .int(let number):
      writer.name("int")
      writer.string(number.text)
    case .float(let number):
      writer.name("float")
      writer.string(FloatText.text(of: number))
    case .bool(let flag):
      writer.name("bool")
      writer.bool(flag)
    case .complex(let real, let imaginary):
      writer.name("complex")
      writer.stringColumn([FloatText.text(of: real), FloatText.text(of: imaginary)])
    case .string(let text):
      writer.name("string")
      writer.string(text)
    case .bytes(let bytes):
      writer.name("bytes")
      writer.string(Base64.encode(bytes))
    case .null:
      writer.name("none")
      writer.bool(true)
    case .stringArray(let array): write(array, to: &writer)
    }
  }

  private static func write(_ array: TextArray, to writer: inout CanonicalJSONWriter) {
    let strings: [String]
    switch array.elements {
    case .strings(let elements):
      writer.name("strings")
      strings = elements
    case .bytes(let elements):
      writer.name("byte_strings")
      strings = elements.map { Base64.encode($0) }
    }
    writer.beginObject()
    writer.name("elements")
    writer.stringColumn(strings)
    writer.name("shape")
    writer.integerColumn(array.shape.dimensions)
    writer.endObject()
  }
}
