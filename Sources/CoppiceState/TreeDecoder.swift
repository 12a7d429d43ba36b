public import CoppiceModel

/// Makes a value of a decodable type from a tree, whoever wrote it.
///
/// What ``TreeEncoder`` makes comes back as it was. Trees of JAX, Orbax and Flax decode into Swift
/// types as well:
///
/// - A type with coding keys takes a dictionary or a record. Keys that it doesn't ask for are left.
/// - A sequence takes a list, a tuple, or a dictionary with the keys 0, 1, 2… as Flax writes lists.
/// - Swift arrays of numbers, nested to any depth, take an array of as many dimensions, or a list.
/// - A number takes a value or an array without dimensions, of any type that has the same value:
///   a `Float` takes 0.5, but 0.1 only where rounding was asked for. An `NDArray` takes any array as it
///   is, and a number as an array without dimensions.
/// - A dictionary with integers as keys also takes their digits.
public struct TreeDecoder: Sendable {
  /// What becomes of arrays and values that the type doesn't ask for.
  public enum Unused: Hashable, Sendable {
    /// They are left.
    case ignored
    /// They are an error, which lists them.
    case refused
  }

  /// The choices of a decoder.
  public struct Options: Sendable {
    /// What the tree has under another path than the type does.
    public var renames: [Rename] = []
    /// What becomes of arrays and values that the type doesn't ask for.
    public var unused = Unused.ignored
    /// How much numbers may change where their type isn't the one asked for.
    ///
    /// It is for numbers and for Swift arrays of them; an `NDArray` is taken as it is.
    public var casts = CastMode.exact
    /// The deepest nesting of containers.
    public var depth = ReadLimits.standard.depth
    /// What the types that are decoded can ask for.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    /// Makes the default choices.
    public init() {}
  }

  /// What was found in a tree beside the value.
  public struct Report: Sendable {
    /// The arrays and values of the tree that the type doesn't ask for, by their paths in the tree.
    public var unused: [TreePath] = []
    /// The arrays and values that the tree lacks and the fallback gave.
    public var fromFallback: [TreePath] = []
  }

  /// The choices.
  public var options: Options

  /// Makes a decoder.
  public init(options: Options = Options()) { self.options = options }

  /// Makes a value of a tree.
  ///
  /// - Throws: `state.coding` with the place of what is missing or of another kind, `limit.memory`.
  public func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from tree: Tree<NDArray>
  ) throws(CoppiceError) -> Value {
    try decode(type, from: tree, merging: nil, reports: options.unused == .refused).value
  }

  /// Makes a value of a tree, and of a fallback for what the tree lacks.
  ///
  /// - Parameters:
  ///   - type: The type of the value.
  ///   - tree: The tree, loaded.
  ///   - fallback: A value of the same type, or of one that has some of its coding keys. It is asked for
  ///     keys that the tree doesn't have at all; an element of a list is never added.
  /// - Throws: `state.coding`, `limit.memory`.
  public func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from tree: Tree<NDArray>, fallback: some Encodable
  ) throws(CoppiceError) -> Value {
    let fallback = try Fallback(encoding: fallback, depth: options.depth)
    return try decode(
      type, from: tree, merging: fallback, reports: options.unused == .refused
    ).value
  }

  /// Makes a value of a tree, and tells what was left and what a fallback gave.
  ///
  /// - Throws: `state.coding`, `limit.memory`.
  public func decodeWithReport<Value: Decodable>(
    _ type: Value.Type = Value.self, from tree: Tree<NDArray>, fallback: (any Encodable)? = nil
  ) throws(CoppiceError) -> (value: Value, report: Report) {
    var merged: Fallback?
    if let fallback { merged = try Fallback(encoding: fallback, depth: options.depth) }
    return try decode(type, from: tree, merging: merged, reports: true)
  }
}
