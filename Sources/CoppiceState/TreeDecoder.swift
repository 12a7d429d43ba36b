public import CoppiceModel

/// A decoder that makes values of decodable types from trees, whichever program wrote them.
///
/// A tree made by ``TreeEncoder`` decodes to an equal value. Trees of JAX, Orbax and Flax decode
/// into Swift types as well:
///
/// - A type with coding keys takes a dictionary or a record. Keys that the type doesn't ask for are
///   ignored.
/// - A sequence takes a list, a tuple, or a dictionary with the keys 0, 1, 2…, as Flax writes
///   lists.
/// - Swift arrays of numbers, nested to any depth, take an array of as many dimensions, or a list.
/// - A number takes a value or an array without dimensions, of any type that has the same value: a
///   `Float` takes 0.5, but takes 0.1 only if rounding was requested. An `NDArray` takes any array
///   unchanged, and a number as an array without dimensions.
/// - A dictionary with integer keys also takes keys that are the digits of integers.
public struct TreeDecoder: Sendable {
  /// The treatment of arrays and values that the type doesn't ask for.
  public enum Unused: Hashable, Sendable {
    /// Ignores them.
    case ignored
    /// Throws an error that lists them.
    case refused
  }

  /// The choices of a decoder.
  public struct Options: Sendable {
    /// The nodes whose path in the tree differs from that in the type.
    public var renames: [Rename] = []
    /// The treatment of arrays and values that the type doesn't ask for.
    public var unused = Unused.ignored
    /// The conversions allowed where a number's type isn't the requested one.
    ///
    /// This applies to numbers and to Swift arrays of them; an `NDArray` is never converted.
    public var casts = CastMode.exact
    /// The limit for the nesting of containers.
    public var depth = ReadLimits.standard.depth
    /// The values passed to the decoded types as `Decoder.userInfo`.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    /// Makes the default choices.
    public init() {}
  }

  /// The findings of a decoding, besides the value.
  public struct Report: Sendable {
    /// The arrays and values of the tree that the type didn't ask for, by their paths in the tree.
    public var unused: [TreePath] = []
    /// The arrays and values that the tree lacked and the fallback supplied.
    public var fromFallback: [TreePath] = []
  }

  /// The choices of the decoder.
  public var options: Options

  /// Makes a decoder.
  public init(options: Options = Options()) { self.options = options }

  /// Decodes a value from a tree.
  ///
  /// - Throws: `state.coding` with the path of a node that is missing or of another kind,
  ///   `limit.memory`.
  public func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from tree: Tree<NDArray>
  ) throws(CoppiceError) -> Value {
    try decode(type, from: tree, merging: nil, reports: options.unused == .refused).value
  }

  /// Decodes a value from a tree, and from a fallback where the tree lacks keys.
  ///
  /// - Parameters:
  ///   - type: The type of the value.
  ///   - tree: The loaded tree.
  ///   - fallback: A value of the same type, or of a type with some of the same coding keys. It
  ///     supplies only keys that the tree doesn't have at all; it never adds elements to a list.
  /// - Throws: `state.coding`, `limit.memory`.
  public func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from tree: Tree<NDArray>, fallback: some Encodable
  ) throws(CoppiceError) -> Value {
    let fallback = try Fallback(encoding: fallback, depth: options.depth)
    return try decode(
      type, from: tree, merging: fallback, reports: options.unused == .refused
    ).value
  }

  /// Decodes a value from a tree, and reports the unused nodes and those from the fallback.
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
