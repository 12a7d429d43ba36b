import CoppiceModel

/// The operations on checkpoints: bundles of named checkpointables, most often trees of arrays.
///
/// `save` and `load` take one tree; `saveCheckpointables` and `loadCheckpointables` take several
/// checkpointables of any kind. Paths may be relative. A save appears whole or not at all, and a
/// checkpoint that it replaces stays until then. The functions that load read every format that the
/// opening options list.
public enum Checkpoint {
  /// The name under which `save` stores its tree.
  public static let defaultName = "state"
}
