/// What a save promises when it returns.
public enum Durability: Hashable, Sendable {
  /// Everything is on stable storage: files, directories and the name itself.
  case durable
  /// The bytes are handed to the system, which writes them when it likes; a power cut may lose them.
  case buffered
}
