// Differences between what is asked for and what is stored.
extension CoppiceError.Code {
  /// A value that the target dtype can't represent exactly.
  public static let castInexact = Self(rawValue: "cast.inexact")
  /// An element with unused bits set, which has no meaning in its own dtype.
  public static let castInvalidElement = Self(rawValue: "cast.invalid-element")
  /// A value is out of the range of the target dtype in the given cast mode.
  public static let castOutOfRange = Self(rawValue: "cast.out-of-range")
  /// The cast mode has no cast between these dtypes.
  public static let castUnsupported = Self(rawValue: "cast.unsupported")
  /// Something can't be carried over exactly, and the user wants nothing less.
  public static let conversionInexact = Self(rawValue: "conversion.inexact")
  /// Nothing here reads what lies at a path.
  public static let formatUnrecognized = Self(rawValue: "format.unrecognized")
  /// The format is known, but this version doesn't read it.
  public static let formatUnsupported = Self(rawValue: "format.unsupported")
  /// A handler or an object that saves itself threw an error: it is the cause.
  public static let handlerFailed = Self(rawValue: "handler.failed")
  /// No handler takes a value of this type, or understands this request.
  public static let handlerNone = Self(rawValue: "handler.none")
  /// The document is longer than the limit.
  public static let jsonSize = Self(rawValue: "json.size")
  /// The system has no memory for an array.
  public static let limitMemory = Self(rawValue: "limit.memory")
  /// The byte count doesn't match shape and dtype.
  public static let modelByteCount = Self(rawValue: "model.byte-count")
  /// The elements of an array are of another type than was asked for.
  public static let modelElementType = Self(rawValue: "model.element-type")
  /// A box or an index lies outside of an array.
  public static let modelOutOfBounds = Self(rawValue: "model.out-of-bounds")
  /// Rows that are to be an array differ in length.
  public static let modelRagged = Self(rawValue: "model.ragged")
  /// An array has another number of dimensions than was asked for.
  public static let modelRank = Self(rawValue: "model.rank")
  /// The lost data are stored nowhere else.
  public static let repairNotRecoverable = Self(rawValue: "repair.not-recoverable")
  /// The checkpoint is valid.
  public static let repairNothingToDo = Self(rawValue: "repair.nothing-to-do")
  /// A value can't be encoded as a tree, or a tree can't be decoded as a value of the type asked for.
  public static let stateCoding = Self(rawValue: "state.coding")
  /// The saved structure differs from the requested one.
  public static let structureMismatch = Self(rawValue: "structure.mismatch")
  /// A value can't be encoded as JSON, or JSON can't be decoded as a value of the type asked for.
  public static let jsonCoding = Self(rawValue: "json.coding")
}
