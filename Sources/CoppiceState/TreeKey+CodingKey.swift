import CoppiceModel

extension TreeKey {
  /// Makes the key of a dictionary node from a coding key.
  ///
  /// The coding keys of dictionaries with integer keys have the same digits as their text. The
  /// integer of a key with another text, such as an enum's raw value, isn't used.
  init(_ key: any CodingKey) {
    if let number = key.intValue, key.stringValue == String(number) {
      self = .integer(number)
    } else {
      self = .string(key.stringValue)
    }
  }
}
