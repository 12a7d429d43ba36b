package import CoppiceModel

/// The limits of a message between ranks.
public enum ProcessMessage {
  /// The most bytes of a message: 64 MiB.
  ///
  /// Operations of a group cut larger payloads into pieces.
  public static let byteLimit = 1 << 26

  /// The most bytes of a message's name in UTF-8: 1 KiB.
  public static let nameByteLimit = 1 << 10

  /// The most bytes of messages that a rank keeps while no call asks for them: 1 GiB.
  ///
  /// Operations never have more on the way than 64 KiB for each rank, and 16 MiB of a large payload.
  public static let unclaimedByteLimit = 1 << 30

  /// Returns the name of a message that is a part of an operation: each part has its own.
  static func name(_ operation: String, part: String) -> String { operation + "\u{1F}" + part }

  /// Returns the name of a message of a group that keeps its messages apart from others of the same ranks.
  static func name(_ name: String, apartAs label: String) -> String { label + "\u{1E}" + name }

  /// Returns the name of the operation that a message is a part of.
  static func operation(ofMessageNamed name: String) -> String {
    let inner = name.split(separator: "\u{1E}", omittingEmptySubsequences: false).last ?? ""
    return String(inner.prefix { $0 != "\u{1F}" })
  }

  /// Refuses a message that is too long.
  package static func check(_ bytes: [UInt8], named name: String) throws(CoppiceError) {
    guard bytes.count <= byteLimit else {
      throw CoppiceError(
        .usageMessage,
        "a message of \(bytes.count) bytes, but \(byteLimit) are the most; send it in pieces")
    }
    guard name.utf8.count <= nameByteLimit else {
      throw CoppiceError(
        .usageMessage,
        "the name of a message has \(name.utf8.count) bytes, but \(nameByteLimit) are the most")
    }
  }
}
