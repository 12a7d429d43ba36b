import CoppiceJSON
import CoppiceModel

extension NodeReader {
  /// Reads a value node whose one member has the given name.
  mutating func value(
    _ name: String, _ node: JSONNode
  ) throws(CoppiceError) -> TreeValue {
    switch name {
    case "int":
      guard let number = IntegerText(try node.string()) else {
        throw node.error(.modelBadValue, "not a decimal integer without leading zeros")
      }
      return .int(number)
    case "float": return .float(try float(node))
    case "bool": return .bool(try node.bool())
    case "complex":
      var parts = try node.array(count: 2).makeIterator()
      guard let real = parts.next(), let imaginary = parts.next() else {
        throw node.error(.modelBadValue, "a complex number has two parts")
      }
      return .complex(real: try float(real), imaginary: try float(imaginary))
    case "string": return .string(try node.string())
    case "bytes": return .bytes(try bytes(node))
    case "none":
      guard node.kind == .bool, try node.bool() else {
        throw node.error(.modelBadValue, "none is always true")
      }
      return .null
    case "strings": return .stringArray(try texts(node, areBytes: false))
    case "byte_strings": return .stringArray(try texts(node, areBytes: true))
    default: throw node.error(.modelBadNode, "\"\(name)\" is no kind of node")
    }
  }

  private func float(_ node: JSONNode) throws(CoppiceError) -> Float64Bits {
    guard let number = FloatText.number(of: try node.string()) else {
      throw node.error(
        .modelBadValue, "not a number in its shortest form, such as 2.5, 1e+16, -inf or nan")
    }
    return number
  }

  private func bytes(_ node: JSONNode) throws(CoppiceError) -> [UInt8] {
    guard let bytes = Base64.decode(try node.string()) else {
      throw node.error(.modelBadValue, "not padded base64 of the standard alphabet")
    }
    return bytes
  }

  private mutating func texts(
    _ node: JSONNode, areBytes: Bool
  ) throws(CoppiceError) -> TextArray {
    var reader = try JSONObjectReader(node)
    let elements = try reader.required("elements")
    let shapeNode = try reader.required("shape")
    try checkUnknown(reader)
    let shape = try ArrayMembers.shape(shapeNode, limits: limits)
    guard try elements.array().count == shape.elementCount else {
      throw elements.error(
        .modelBadValue,
        "the shape \(shape) has \(shape.elementCount) elements, not \(elements.count)")
    }
    let content: TextArray.Elements
    if areBytes {
      var decoded: [[UInt8]] = []
      for element in elements.elements {
        decoded.append(try bytes(element))
        try count(decoded[decoded.count - 1].count, at: element)
      }
      content = .bytes(decoded)
    } else {
      var strings: [String] = []
      for element in elements.elements {
        strings.append(try element.string())
        try count(strings[strings.count - 1].utf8.count, at: element)
      }
      content = .strings(strings)
    }
    guard let array = TextArray(shape: shape, elements: content) else {
      throw elements.error(.modelBadValue, "the elements don't fill the shape \(shape)")
    }
    return array
  }

  /// Counts the bytes of an element before the next one is decoded.
  ///
  /// Spec: MOD-21.
  private mutating func count(_ bytes: Int, at node: JSONNode) throws(CoppiceError) {
    textBytes += bytes
    guard textBytes <= Self.maximumTextBytes else {
      throw node.error(
        .modelTextTooLarge, "text arrays hold more than \(Self.maximumTextBytes) bytes together")
    }
  }
}
