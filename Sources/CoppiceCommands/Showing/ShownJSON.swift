import Coppice
import CoppiceConformance
import CoppiceInterop

/// The content of nodes as JSON for programs, written as it is read.
struct ShownJSON {
  let output: (String) throws(CoppiceError) -> Void

  /// Writes all nodes, with all of their elements.
  ///
  /// - Returns: The faults of what is damaged.
  /// - Throws: `io.*`; the errors of `output`.
  func write(_ nodes: [ShownNode]) throws(CoppiceError) -> [CoppiceError] {
    var faults: [CoppiceError] = []
    try output("{\n \"showVersion\": 1,\n \"entries\": [")
    for (index, node) in nodes.enumerated() {
      try output((index > 0 ? "," : "") + "\n  {\n   \"path\": \(JSON.string(node.path).text)")
      if let fault = try write(node.content) {
        if fault.kind == .damaged { faults.append(fault.error.located(treePath: node.path)) }
        try output(",\n   \"fault\": " + Self.text(fault.json))
      }
      try output("\n  }")
    }
    try output(nodes.isEmpty ? "]\n}\n" : "\n ]\n}\n")
    return faults
  }

  /// Writes the members of a node and returns its fault, if there is one.
  private func write(_ content: ShownNode.Content) throws(CoppiceError) -> LeafFault? {
    switch content {
    case .fault(let fault): return fault
    case .json(let json): try output(",\n   \"value\": " + Self.text(json.withoutNonfinite))
    case .value(let value):
      if case .stringArray(let texts) = value { return try write(texts) }
      try output(",\n   \"value\": " + Self.json(value).text)
    case .file(let file): try output(",\n   \"bytes\": \(file.bytes.byteCount)")
    case .array(let source): return try write(source)
    }
    return nil
  }

  private func write(_ source: any ArraySource) throws(CoppiceError) -> LeafFault? {
    try output(",\n   \"dtype\": \"\(source.dtype)\"" + Self.member(source.shape))
    var isBegun = false
    do throws(CoppiceError) {
      try source.write(.json(source.shape, margin: "    ")) { element, kind in
        Self.word(element, kind)
      } to: { (text) throws(CoppiceError) in
        if !isBegun { try output(",\n   \"elements\": ") }
        isBegun = true
        try output(text)
      }
      return nil
    } catch {
      guard error.code.isInputFault else { throw error }
      // The elements before the fault stay, as an array that ends early.
      if isBegun { try output(String(repeating: "]", count: source.shape.rank)) }
      return LeafFault(.damaged, error)
    }
  }

  private func write(_ texts: TextArray) throws(CoppiceError) -> LeafFault? {
    try output(Self.member(texts.shape) + ",\n   \"elements\": ")
    var (nested, text) = (NestedText.json(texts.shape, margin: "    "), "")
    switch texts.elements {
    case .strings(let strings):
      for string in strings { nested.append(JSON.string(string).text, to: &text) }
    case .bytes(let strings):
      for bytes in strings {
        nested.append("\"\(Self.hexadecimal(bytes[...]))\"", to: &text)
      }
    }
    try output(text + nested.end)
    return nil
  }

  private static func member(_ shape: Shape) -> String { ",\n   \"shape\": \(shape)" }

  /// Numbers that JSON doesn't have, and complex ones, are texts.
  private static func word(_ element: String, _ kind: DType.Kind) -> String {
    let isNumber = kind != .complex && !element.hasSuffix("nan") && !element.hasSuffix("inf")
    return isNumber ? element : "\"\(element)\""
  }

  private static func json(_ value: TreeValue) -> JSON {
    switch value {
    case .int(let number): .number(number.text)
    case .float(let number):
      number.value.isFinite ? .number(number.description) : .string(number.description)
    case .bool(let flag): .bool(flag)
    case .string(let text): .string(text)
    case .bytes(let bytes): .string(hexadecimal(bytes[...]))
    case .null: .null
    case .complex, .stringArray: .string(value.description)
    }
  }

  /// Returns the digits of some bytes.
  static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The text of a member's value, indented as the members are.
  private static func text(_ json: JSON) -> String {
    String(JSONText.encode(json).dropLast()).replacing("\n", with: "\n   ")
  }
}
