public import CoppiceModel

/// Makes a tree of any encodable value: a struct of arrays, an optimizer's state, a configuration.
///
/// - Structs and classes become dictionaries with the names of their coding keys, in their order.
/// - Dictionaries with text or integer keys become dictionaries, sorted by key; sets of comparable
///   elements are sorted too, so that equal values give equal trees.
/// - An `NDArray` becomes a leaf, without a copy. Swift arrays of numbers or `Bool`, nested to any
///   depth, become one leaf of as many dimensions, such as `[[Float]]`; where rows differ in length,
///   a list of leaves. So does whatever else encodes a sequence of numbers of one type.
/// - Other arrays become lists, ``TreeTuple`` becomes a tuple.
/// - Numbers, `Bool` and `String` become values; the bits of NaNs are kept. `nil` is the value none, and
///   keeps its key.
/// - `Tree`, `TreeValue`, `TextArray` and `IntegerText` are taken as they are.
/// - Whatever else is `Codable` becomes what it encodes: an enum with associated values, for instance,
///   a dictionary with the case as its one key.
public struct TreeEncoder: Sendable {
  /// What becomes of a type with coding keys.
  public enum Structures: Hashable, Sendable {
    /// Dictionaries, as trees of JAX have them: what other programs read best.
    case dictionaries
    /// Records with the type's name and its fields.
    case records
  }

  /// The choices of an encoder.
  public struct Options: Sendable {
    /// What becomes of a type with coding keys.
    public var structures = Structures.dictionaries
    /// The deepest nesting of containers.
    public var depth = ReadLimits.standard.depth
    /// What the types that are encoded can ask for.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    /// Makes the default choices.
    public init() {}
  }

  /// The choices.
  public var options: Options

  /// Makes an encoder.
  public init(options: Options = Options()) { self.options = options }

  /// Makes the tree of a value.
  ///
  /// - Throws: `state.coding` with the place of what can't be encoded, `limit.memory`.
  public func encode(_ value: some Encodable) throws(CoppiceError) -> Tree<NDArray> {
    try EncodingRun(options).encodeRoot(value)
  }
}
