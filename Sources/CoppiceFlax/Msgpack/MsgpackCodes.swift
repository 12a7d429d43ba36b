public import CoppiceModel

extension CoppiceError.Code {
  /// A MessagePack document ends inside a value, or declares more than it has.
  public static let msgpackTruncated = Self(rawValue: "msgpack.truncated")
  /// Bytes follow the one value of a MessagePack document.
  public static let msgpackTrailing = Self(rawValue: "msgpack.trailing")
  /// The byte `0xC1`, which MessagePack never uses.
  public static let msgpackReserved = Self(rawValue: "msgpack.reserved-byte")
  /// Arrays and maps are nested deeper than the limit.
  public static let msgpackDepth = Self(rawValue: "msgpack.depth")
  /// Text that isn't UTF-8.
  public static let msgpackText = Self(rawValue: "msgpack.text")
  /// A map has the same key twice.
  public static let msgpackDuplicateKey = Self(rawValue: "msgpack.duplicate-key")
  /// A map's key is neither text nor an integer.
  public static let msgpackKeyType = Self(rawValue: "msgpack.key-type")
  /// More values, text or key bytes than a reader allows.
  public static let msgpackLimit = Self(rawValue: "msgpack.limit")
}
