/// The kind of class that saved an item, as `_CHECKPOINT_METADATA` names it.
///
/// Only a hint: 0.12.8 records the class of stateful objects for trees that were saved in partial
/// saves.
enum HandlerHint: Hashable {
  /// PyTree, Standard and Array handlers.
  case tree
  /// JSON and metrics handlers.
  case json
  /// Handlers that save several items, such as those of random keys.
  case composite
  /// Protocol buffers, and objects that save themselves.
  case opaque
  /// A class that isn't Orbax's own.
  case unknown

  /// Classifies the full name of a class.
  init(typeName: String) {
    let name = typeName.split(separator: ".").last ?? ""
    switch true {
    case name.contains("RandomKey"), name.contains("Composite"): self = .composite
    case name.contains("PyTree"), name.contains("Standard"), name.contains("ArrayCheckpoint"):
      self = .tree
    case name.contains("Json"), name.contains("Metrics"): self = .json
    case name.contains("Proto"), name.contains("Stateful"): self = .opaque
    default: self = .unknown
    }
  }
}
