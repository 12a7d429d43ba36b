// Mistakes of the call: an argument, a choice or a path. The tool exits with 2.
extension CoppiceError.Code {
  /// An address such as `gs://bucket/run` is given for a path.
  public static let usageAddress = Self(rawValue: "usage.address")
  /// A box that doesn't lie inside its array.
  public static let usageBox = Self(rawValue: "usage.box")
  /// A necessary choice is missing, or a given one doesn't apply.
  public static let usageChoice = Self(rawValue: "usage.choice")
  /// A checkpointer was used after it was closed.
  public static let usageClosed = Self(rawValue: "usage.closed")
  /// A device or a mesh that a sharding doesn't have.
  public static let usageDevice = Self(rawValue: "usage.device")
  /// A pattern for paths is malformed.
  public static let usageGlob = Self(rawValue: "usage.glob")
  /// The checkpoint has no checkpointable of the name, or it is of another type than asked for.
  public static let usageNoSuchCheckpointable = Self(rawValue: "usage.no-such-checkpointable")
  /// A message between ranks is too long, or belongs to another operation of the same name.
  public static let usageMessage = Self(rawValue: "usage.message")
  /// The run has no step of the number.
  public static let usageNoSuchStep = Self(rawValue: "usage.no-such-step")
  /// The path to migrate has no older checkpoint of this format.
  public static let usageNotMigratable = Self(rawValue: "usage.not-migratable")
  /// The input to write isn't exactly one tree.
  public static let usageOneTree = Self(rawValue: "usage.one-tree")
  /// A path given by the user can't be used.
  public static let usagePath = Self(rawValue: "usage.path")
  /// A rank that the group doesn't have, or that is given twice.
  public static let usageRank = Self(rawValue: "usage.rank")
  /// Something was to be written that was opened for reading only.
  public static let usageReadOnly = Self(rawValue: "usage.read-only")
  /// Shapes that don't match in an operation on arrays.
  public static let usageShape = Self(rawValue: "usage.shape")
  /// A slice that can't be read, or that doesn't fit the shape of its array.
  public static let usageSlice = Self(rawValue: "usage.slice")
  /// A step that can't have this number or this name, or that would go back in the run.
  public static let usageStep = Self(rawValue: "usage.step")
  /// The target is the source, around it, or inside a checkpoint.
  public static let usageTarget = Self(rawValue: "usage.target")
  /// A path of a tree doesn't exist or can't be moved.
  public static let usageTreePath = Self(rawValue: "usage.tree-path")
}
