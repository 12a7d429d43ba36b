extension Tree: CustomStringConvertible {
  /// A line for each leaf, value and empty container, as far as the first hundred.
  ///
  /// No elements are read: sources show type and shape, and small arrays in memory their elements too.
  /// A tree that is one leaf or value has that one's description.
  public var description: String {
    switch self {
    case .leaf(let leaf): return String(describing: leaf)
    case .value(let value): return value.description
    case .dict, .list, .tuple, .record: break
    }
    var lines: [(path: String, text: String)] = []
    var count = 0
    collect(at: "", into: &lines, &count)
    guard !lines.isEmpty, !lines[0].path.isEmpty else { return lines.first?.text ?? "" }
    let width = min(lines.map(\.path.count).max() ?? 0, 48)
    var text = lines.map { line in
      line.path + String(repeating: " ", count: max(width - line.path.count, 0)) + "  " + line.text
    }
    if count > lines.count { text.append("… and \(count - lines.count) more") }
    return text.joined(separator: "\n")
  }

  private static var maximumLines: Int { 100 }

  private func collect(
    at path: String, into lines: inout [(path: String, text: String)], _ count: inout Int
  ) {
    // The rest is only counted.
    let isShown = lines.count < Self.maximumLines
    let children = children
    guard children.isEmpty else {
      for child in children {
        let name = isShown ? child.component.escaped.printable : ""
        let place = path.isEmpty ? name : path + "/" + name
        child.node.collect(at: place, into: &lines, &count)
      }
      return
    }
    count += 1
    if isShown { lines.append((path, outline)) }
  }

  /// A node without children in one line.
  private var outline: String {
    switch self {
    case .dict: "{}"
    case .list: "[]"
    case .tuple: "()"
    case .record(let record): "\(record.type.printable)()"
    case .value(let value): value.description
    case .leaf(let leaf):
      (leaf as? NDArray)?.outline ?? String(describing: leaf).printable
    }
  }
}

extension TreeValue {
  /// The kind of the value, as listings, comparisons and reports name it: `int`, `string`, `byte strings`.
  public var kindName: String {
    switch self {
    case .int: "int"
    case .float: "float"
    case .bool: "bool"
    case .complex: "complex"
    case .string: "string"
    case .bytes: "bytes"
    case .null: "none"
    case .stringArray(let texts):
      switch texts.elements {
      case .strings: "strings"
      case .bytes: "byte strings"
      }
    }
  }
}

extension TreeValue: CustomStringConvertible {
  /// The value as text: `7`, `0.5`, `true`, `1.0+2.0j`, `"text"`, `12 bytes`, `none`, `strings [2]`.
  ///
  /// Long texts are cut.
  public var description: String {
    switch self {
    case .int(let number): number.text.printable
    case .float(let number): number.description
    case .bool(let isTrue): String(isTrue)
    case .complex(let real, let imaginary):
      PythonFloat.text(complex: real.description, imaginary.description)
    case .string(let text): "\"\(text.printable)\""
    case .bytes(let bytes): "\(bytes.count) bytes"
    case .null: "none"
    case .stringArray(let texts): "\(kindName) \(texts.shape)"
    }
  }
}

extension IntegerText: CustomStringConvertible {
  /// The digits.
  public var description: String { text }
}

extension Float64Bits: CustomStringConvertible {
  /// The text of the number, as Python writes it, with the bits of unusual NaNs.
  public var description: String { FloatText.text(of: self) }
}
