package import CoppiceModel

extension CoppiceError.Code {
  /// A MessagePack document ends inside a value, or declares more than it has.
  package static let msgpackTruncated = Self(rawValue: "msgpack.truncated")
  /// Bytes follow the one value of a MessagePack document.
  package static let msgpackTrailing = Self(rawValue: "msgpack.trailing")
  /// The byte `0xC1`, which MessagePack never uses.
  package static let msgpackReserved = Self(rawValue: "msgpack.reserved-byte")
  /// Arrays and maps are nested deeper than the limit.
  package static let msgpackDepth = Self(rawValue: "msgpack.depth")
  /// Text that isn't UTF-8.
  package static let msgpackText = Self(rawValue: "msgpack.text")
  /// A map has the same key twice.
  package static let msgpackDuplicateKey = Self(rawValue: "msgpack.duplicate-key")
  /// A map's key is neither text nor an integer.
  package static let msgpackKeyType = Self(rawValue: "msgpack.key-type")
  /// More values, text or key bytes than a reader allows.
  package static let msgpackLimit = Self(rawValue: "msgpack.limit")
}
