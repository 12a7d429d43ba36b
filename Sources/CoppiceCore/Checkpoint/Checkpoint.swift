import CoppiceModel

/// Saves and loads checkpoints: bundles of named parts, of which the main kind is a tree of arrays.
///
/// `save` and `load` are about one tree; `saveCheckpointables` and `loadCheckpointables` about
/// several parts of any kind. Paths may be relative. A save appears whole or not at all, and what
/// was there before stays until then. `load` and its kin read every format that the opening options
/// list.
public enum Checkpoint {
  /// The name under which `save` stores its tree.
  public static let defaultName = "state"
}
