/// Values by name, in order: the checkpointables of a save, or those that a load requests.
///
/// Write one as a dictionary literal. Add names that are known only at run time by subscript.
public struct NamedValues<Value: Sendable>: Sendable {
  private var pairs: [(name: String, value: Value)] = []

  /// Creates an empty collection.
  public init() {}

  /// Takes the values of a dictionary, in the order of the names' bytes.
  public init(_ dictionary: [String: Value]) {
    pairs = dictionary.map { ($0, $1) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The value of a name; setting appends a new name at the end, and `nil` removes one.
  ///
  /// - Complexity: O(n) in the number of names.
  public subscript(name: String) -> Value? {
    get { index(of: name).map { pairs[$0].value } }
    set {
      switch (index(of: name), newValue) {
      case (let index?, let value?): pairs[index].value = value
      case (let index?, nil): pairs.remove(at: index)
      case (nil, let value?): pairs.append((name, value))
      case (nil, nil): break
      }
    }
  }
}

extension NamedValues {
  /// Returns the position of a name; names are equal byte for byte, as in a checkpoint.
  private func index(of name: String) -> Int? {
    pairs.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

extension NamedValues: ExpressibleByDictionaryLiteral {
  /// Takes the pairs of a literal, in its order.
  ///
  /// Saving refuses equal names with `directory.name-collision`.
  public init(dictionaryLiteral elements: (String, Value)...) {
    pairs = elements.map { ($0.0, $0.1) }
  }
}

extension NamedValues: RandomAccessCollection {
  /// The position of the first pair.
  public var startIndex: Int { pairs.startIndex }

  /// The position after the last pair.
  public var endIndex: Int { pairs.endIndex }

  /// The pair at a position.
  public subscript(position: Int) -> (name: String, value: Value) { pairs[position] }
}
