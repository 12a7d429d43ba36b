import Coppice
import Testing

extension Tree where Leaf == NDArray {
  /// A dictionary node with keys of text.
  static func keyed(_ entries: KeyValuePairs<String, Tree>) -> Tree {
    .dict(entries.map { .init(.string($0.key), $0.value) })
  }

  /// An integer.
  static func integer(_ number: some BinaryInteger) -> Tree { .value(.int(IntegerText(number))) }

  /// A number.
  static func number(_ number: Double) -> Tree { .value(.float(Float64Bits(number))) }

  /// A text.
  static func text(_ text: String) -> Tree { .value(.string(text)) }

  static var none: Tree { .value(.null) }
}

/// Encodes and decodes a value.
func roundTrip<Value: Codable>(
  _ value: Value, _ options: TreeEncoder.Options = .init()
) throws -> Value {
  try TreeDecoder().decode(Value.self, from: try TreeEncoder(options: options).encode(value))
}

/// The error that decoding throws.
func refusal<Value: Decodable>(
  of type: Value.Type, from tree: Tree<NDArray>, _ options: TreeDecoder.Options = .init()
) -> CoppiceError? {
  do throws(CoppiceError) {
    let value = try TreeDecoder(options: options).decode(type, from: tree)
    Issue.record("decoded \(value)")
    return nil
  } catch {
    return error
  }
}
