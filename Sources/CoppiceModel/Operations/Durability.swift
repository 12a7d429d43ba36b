/// The guarantee that a save gives when it returns.
public enum Durability: Hashable, Sendable {
  /// Everything is on stable storage: files, directories and the name itself.
  case durable
  /// The system has the bytes and writes them when it likes; a power cut may lose them.
  case buffered
}
