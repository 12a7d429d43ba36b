/// The number of the step that a directory is named for: `5`, `00000005`, `checkpoint_5`.
enum OrbaxStepName {
  /// Returns the number in a name that is digits, or ends in `_` and digits.
  static func number(_ name: String) -> Int? {
    let digits = name.utf8.reversed().prefix { isDigit($0) }
    let rest = name.utf8.dropLast(digits.count)
    guard !digits.isEmpty, rest.isEmpty || (rest.last == 0x5F && rest.count > 1) else {
      return nil
    }
    return Int(name.utf8.suffix(digits.count).reduce(into: "") { $0.append(Character(.init($1))) })
  }

  /// Returns the step number in the name of a checkpoint that is opened by itself.
  ///
  /// Only names that Orbax and Flax choose count; `experiment_3` may mean anything.
  static func ownNumber(_ name: String) -> Int? {
    let prefix = "checkpoint_"
    let bare =
      name.utf8.starts(with: prefix.utf8) ? name.utf8.dropFirst(prefix.utf8.count) : name.utf8[...]
    return bare.allSatisfy(isDigit) ? number(name) : nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
