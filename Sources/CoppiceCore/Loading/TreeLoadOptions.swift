public import CoppiceModel

/// How a tree is loaded where it isn't what was asked for.
///
/// By default nothing is lost silently: all that is asked for must be there, all that is there must be
/// asked for, shapes must be equal, and casts keep the kind of number.
public struct TreeLoadOptions: Sendable {
  /// What is done to the saved tree first, step by step.
  public var transforms: [TreeTransform] = []

  /// How much casts may change values.
  public var castMode = CastMode.rounding

  /// What is done where the shape asked for isn't the saved one.
  public var resizing = Resizing.refuse

  /// Which leaves are loaded; the others are left out of the result, and nobody misses them.
  public var selection = Selection.all

  /// What is done where the checkpoint lacks what is asked for.
  public var missing = Missing.error

  /// What is done where the checkpoint has what isn't asked for.
  public var unexpected = Unexpected.error

  /// Which containers match.
  public var containers = Containers.lenient

  /// Makes the default choices.
  public init() {}
}

extension TreeLoadOptions {
  /// What may be done at the end of each dimension to give an array the extents asked for.
  ///
  /// Elements keep their indices: nothing is ever added or cut at the beginning. The number of
  /// dimensions never changes.
  public struct Resizing: Hashable, Sendable {
    /// The number that fills up dimensions that are too short; `nil` refuses these.
    public var padding: Double?

    /// Whether dimensions that are too long are cut.
    public var truncates: Bool

    /// Makes a choice for both sides.
    public init(padding: Double?, truncates: Bool) {
      self.padding = padding
      self.truncates = truncates
    }

    /// Shapes must be equal.
    public static let refuse = Self(padding: nil, truncates: false)
    /// Dimensions that are too long are cut; too short ones are refused.
    public static let truncate = Self(padding: nil, truncates: true)
    /// Dimensions that are too short are filled up; too long ones are refused.
    public static func pad(with fill: Double = 0) -> Self {
      Self(padding: fill, truncates: false)
    }
    /// Too short dimensions are filled up, too long ones are cut: what Orbax does when allowed to.
    public static func padAndTruncate(with fill: Double = 0) -> Self {
      Self(padding: fill, truncates: true)
    }
  }

  /// Which leaves of a checkpoint are loaded.
  public enum Selection: Sendable {
    /// All of them.
    case all
    /// Those whose path matches a pattern, or that lie in a container whose path does.
    case matching([PathGlob])
    /// Those that a closure takes; it is told `nil` for values, and for leaves without metadata: those
    /// whose description is damaged, and those that no array can represent.
    case leaves(where: @Sendable (TreePath, ArrayMetadata?) -> Bool)
  }

  /// What is done where the checkpoint lacks what is asked for.
  public enum Missing: Sendable {
    /// The load fails with `structure.mismatch`.
    case error
    /// The nodes of another tree at the same paths take their places, cast and cut like saved ones.
    ///
    /// What that tree lacks too is an error.
    case fallback(Tree<NDArray>)
    /// It is left out of the result.
    ///
    /// In a sequence `none` takes the place of an element that is left out.
    case omit
  }

  /// What is done where the checkpoint has what isn't asked for.
  public enum Unexpected: Hashable, Sendable {
    /// The load fails with `structure.mismatch`.
    case error
    /// It isn't read.
    case ignore
  }

  /// Which containers of the checkpoint match those asked for.
  public enum Containers: Hashable, Sendable {
    /// Those of the same kind, and records of the same type; keys of the same kind.
    case strict
    /// All, child by child by name: the list's element 0, the keys "0" and 0, and the field "0".
    ///
    /// So a tree that JAX saved, with lists for tuples and dictionaries for records, loads into the
    /// structure asked for. A container without children matches none.
    case lenient
  }
}
