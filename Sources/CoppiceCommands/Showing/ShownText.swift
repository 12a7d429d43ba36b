import Coppice
import CoppiceInterop

/// The content of nodes as text for people, written as it is read.
struct ShownText {
  let options: ArrayTextOptions
  /// Whether all nodes are shown, and long texts whole.
  let isFull: Bool
  let output: (String) throws(CoppiceError) -> Void

  /// The most nodes that are shown, and the most bytes of a text among others.
  private static let nodeLimit = 100
  private static let textLimit = 2000

  /// Writes the nodes; several have their paths above them.
  ///
  /// - Returns: The faults of what is damaged.
  /// - Throws: `io.*`; the errors of `output`.
  func write(_ nodes: [ShownNode]) throws(CoppiceError) -> [CoppiceError] {
    var faults: [CoppiceError] = []
    if nodes.isEmpty { try output("no values\n") }
    let shown = isFull ? nodes[...] : nodes.prefix(Self.nodeLimit)
    for (index, node) in shown.enumerated() {
      if nodes.count > 1 {
        try output(
          (index > 0 ? "\n" : "") + (node.path.isEmpty ? "." : node.path) + Self.title(node))
      }
      do throws(CoppiceError) {
        try write(node, isAlone: nodes.count == 1)
      } catch {
        guard error.code.isInputFault else { throw error }
        let fault = LeafFault(.damaged, error)
        try output(Self.text(fault))
        faults.append(error.located(treePath: node.path))
      }
      if case .fault(let fault) = node.content, fault.kind == .damaged {
        faults.append(fault.error.located(treePath: node.path))
      }
    }
    if shown.count < nodes.count {
      try output(
        "\n… and \(nodes.count - shown.count) more; name one of them, or give --full\n")
    }
    return faults
  }

  private static func title(_ node: ShownNode) -> String {
    switch node.content {
    case .array(let source): "  \(source.dtype) \(source.shape)\n"
    case .value(let value):
      if case .stringArray(let texts) = value { "  \(texts.shape)\n" } else { "\n" }
    case .file(let file): "  \(ByteCount.text(file.bytes.byteCount))\n"
    case .json, .fault: "\n"
    }
  }

  private static func text(_ fault: LeafFault) -> String {
    fault.text + "\n"
  }

  private func write(_ node: ShownNode, isAlone: Bool) throws(CoppiceError) {
    switch node.content {
    case .array(let source):
      try source.writeText(options, to: output)
      try output("\n")
    case .value(let value): try output(text(value, isWhole: isAlone || isFull) + "\n")
    case .json(let json): try output(JSONText.encode(json))
    case .file(let file): try write(file, isWhole: isAlone || isFull)
    case .fault(let fault): try output(Self.text(fault))
    }
  }

  private func text(_ value: TreeValue, isWhole: Bool) -> String {
    switch value {
    case .string(let text):
      isWhole ? text : text.printable(keepingEndsOf: Self.textLimit)
    case .int(let number): number.text
    case .bytes(let bytes):
      ShownJSON.hexadecimal(isWhole ? bytes[...] : bytes.prefix(32))
        + (isWhole || bytes.count <= 32 ? "" : "… (\(bytes.count) bytes)")
    case .stringArray(let texts): texts.text(options)
    default: value.description
    }
  }

  /// Writes a file that is text, piece by piece, and the size of any other.
  private func write(_ file: CheckpointFile, isWhole: Bool) throws(CoppiceError) {
    let size = file.bytes.byteCount
    let limit = isWhole ? size : min(size, Self.textLimit)
    var rest: [UInt8] = []
    var offset = 0
    while offset < limit {
      let count = min(limit - offset, 64 << 10)
      var bytes = [UInt8](repeating: 0, count: count)
      var span = bytes.mutableSpan
      var raw = unsafe span.mutableBytes
      try file.bytes.read(at: offset, into: &raw)
      offset += count
      rest += bytes
      // A character may be cut at the end of the piece.
      let cut = offset < size ? rest.lastIndex { $0 & 0xC0 != 0x80 } ?? rest.count : rest.count
      guard let text = String(validating: rest[..<cut], as: UTF8.self), !text.contains("\0") else {
        return try output("\(size) bytes, which are no text\n")
      }
      try output(text)
      rest.removeFirst(cut)
    }
    try output(limit < size ? "…\n" : "\n")
  }
}
