import CoppiceModel

/// A node that is being decoded, with its place and the record of its use.
struct CodedNode {
  let run: DecodingRun
  let node: Tree<NDArray>
  let place: CodingPlace?
  /// The record of what was decoded; `nil` if no report is needed.
  let usage: NodeUsage?

  var isNone: Bool {
    guard case .value(.null) = node else { return false }
    return true
  }

  /// Returns a child as a coded node.
  func child(_ node: Tree<NDArray>, at position: Int, _ place: CodingPlace) -> CodedNode {
    CodedNode(run: run, node: node, place: place, usage: usage?.child(position))
  }

  /// Decodes the node as a value of a type.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    run.callDepth += 1
    defer { run.callDepth -= 1 }
    guard run.callDepth <= 2 * run.options.depth, place.depth <= run.options.depth else {
      throw corrupted("the tree is nested deeper than \(run.options.depth) containers")
    }
    do {
      guard let known = type as? any TreeDecodable.Type else {
        return try Value(from: NodeDecoder(coded: self))
      }
      guard let value = try known.make(from: self) as? Value else { throw mismatch(type) }
      return value
    } catch let error as CoppiceError where error.code.isInputFault && error.code != .stateCoding {
      // The error of an array doesn't yet name the node's path.
      throw corrupted(error.message, cause: error)
    }
  }

  /// Records that the whole node was decoded.
  func markUsed() { usage?.isUsed = true }
}

// Errors about a node.
extension CodedNode {
  /// Returns the error that the node isn't of the kind that a type needs.
  func mismatch(_ type: Any.Type, _ detail: String = "") -> DecodingError {
    .typeMismatch(
      type,
      .init(
        codingPath: place.codingPath,
        debugDescription: "found \(node.summary), where the type asks for \(type)"
          + (detail.isEmpty ? "" : "; " + detail)))
  }

  /// Returns the error that the node can't be decoded for a reason.
  func corrupted(_ reason: String, cause: (any Error)? = nil) -> DecodingError {
    .dataCorrupted(
      .init(
        codingPath: place.codingPath, debugDescription: reason, underlyingError: cause))
  }
}

extension Tree where Leaf == NDArray {
  /// A short description of the node's kind, for messages.
  var summary: String {
    switch self {
    case .dict(let entries): "a dictionary of \(entries.count)"
    case .list(let nodes): "a list of \(nodes.count)"
    case .tuple(let nodes): "a tuple of \(nodes.count)"
    case .record(let record): "a record of the type \(record.type.printable)"
    case .leaf(let array): "an array of \(array.dtype) \(array.shape)"
    case .value(let value): value.summary
    }
  }
}

extension TreeValue {
  fileprivate var summary: String {
    switch self {
    case .int(let number): "the integer \(number.text.printable)"
    case .float(let number): "the number \(FloatText.text(of: number))"
    case .bool(let isTrue): "the value \(isTrue)"
    case .complex(let real, let imaginary):
      "the complex number \(FloatText.text(of: real)),\(FloatText.text(of: imaginary))"
    case .string(let text): "the text \"\(text.printable)\""
    case .bytes(let bytes): "\(bytes.count) bytes"
    case .null: "none"
    case .stringArray(let texts): "an array of texts \(texts.shape)"
    }
  }
}
