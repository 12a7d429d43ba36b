import Coppice

extension ListingRow {
  /// Makes the row of a value.
  init(_ value: TreeValue, at components: [String]) {
    let (detail, json): (String, JSON?) =
      switch value {
      case .int(let number): (Self.cut(number.text), .number(number.text))
      case .float(let number): (FloatText.text(of: number), .finite(number.value))
      case .bool(let flag): (String(flag), .bool(flag))
      case .complex(let real, let imaginary):
        (
          "\(FloatText.text(of: real)),\(FloatText.text(of: imaginary))",
          .array([.finite(real.value), .finite(imaginary.value)])
        )
      case .string(let text): ("\"" + Self.cut(text.printable) + "\"", .string(text))
      case .bytes(let bytes): ("\(bytes.count) B", nil)
      case .null: ("", nil)
      case .stringArray(let array): (array.shape.description, nil)
      }
    self.init(components: components, type: value.kindName, detail: detail, value: json)
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
