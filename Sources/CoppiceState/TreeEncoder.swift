public import CoppiceModel

/// An encoder that makes trees of encodable values: structs of arrays, optimizer states,
/// configurations.
///
/// - Structs and classes become dictionaries with the names of their coding keys, in their order.
/// - Dictionaries with text or integer keys become dictionaries sorted by key. Sets of comparable
///   elements are sorted too, so that equal values give equal trees.
/// - An `NDArray` becomes a leaf, without a copy. Swift arrays of numbers or `Bool`, nested to any
///   depth, such as `[[Float]]`, become one leaf of as many dimensions; if rows differ in length, a
///   list of leaves. The same holds for other types that encode a sequence of numbers of one type.
/// - Other arrays become lists; a ``TreeTuple`` becomes a tuple.
/// - Numbers, `Bool` and `String` become values; the bits of NaNs are kept. `nil` becomes the value
///   none, and keeps its key.
/// - `Tree`, `TreeValue`, `TextArray` and `IntegerText` are taken unchanged.
/// - Every other `Codable` type becomes the node that it encodes: an enum with associated values,
///   for instance, becomes a dictionary with the case as its only key.
public struct TreeEncoder: Sendable {
  /// The kind of node that a type with coding keys becomes.
  public enum Structures: Hashable, Sendable {
    /// Dictionaries, as in trees of JAX; other programs read these best.
    case dictionaries
    /// Records with the type's name and its fields.
    case records
  }

  /// The choices of an encoder.
  public struct Options: Sendable {
    /// The kind of node that a type with coding keys becomes.
    public var structures = Structures.dictionaries
    /// The limit for the nesting of containers.
    public var depth = ReadLimits.standard.depth
    /// The values passed to the encoded types as `Encoder.userInfo`.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    /// Makes the default choices.
    public init() {}
  }

  /// The choices of the encoder.
  public var options: Options

  /// Makes an encoder.
  public init(options: Options = Options()) { self.options = options }

  /// Encodes a value as a tree.
  ///
  /// - Throws: `state.coding` with the path of a value that can't be encoded, `limit.memory`.
  public func encode(_ value: some Encodable) throws(CoppiceError) -> Tree<NDArray> {
    try EncodingRun(options).encodeRoot(value)
  }
}
