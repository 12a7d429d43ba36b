import Coppice

extension ListingRow {
  /// Makes the row of a value.
  init(_ value: TreeValue, at components: [String]) {
    let type: String
    let detail: String
    let json: JSON?
    switch value {
    case .int(let number):
      (type, detail, json) = ("int", Self.cut(number.text), .number(number.text))
    case .float(let number):
      (type, detail, json) = ("float", FloatText.text(of: number), .finite(number.value))
    case .bool(let flag): (type, detail, json) = ("bool", String(flag), .bool(flag))
    case .complex(let real, let imaginary):
      type = "complex"
      detail = "\(FloatText.text(of: real)),\(FloatText.text(of: imaginary))"
      json = .array([.finite(real.value), .finite(imaginary.value)])
    case .string(let text):
      (type, detail, json) = ("string", "\"" + Self.cut(text.printable) + "\"", .string(text))
    case .bytes(let bytes): (type, detail, json) = ("bytes", "\(bytes.count) B", nil)
    case .null: (type, detail, json) = ("none", "", nil)
    case .stringArray(let array):
      if case .strings = array.elements { type = "strings" } else { type = "bytes" }
      (detail, json) = (array.shape.description, nil)
    }
    self.init(components: components, type: type, detail: detail, value: json)
  }

  /// The type of a container without anything in it.
  static func emptyName(_ node: Tree<ArrayLeaf>) -> String {
    switch node {
    case .list: "[]"
    case .tuple: "()"
    case .record(let record): "\(record.type.printable)()"
    default: "{}"
    }
  }

  private static func cut(_ text: String) -> String {
    text.count > 60 ? text.prefix(59) + "…" : text
  }
}
