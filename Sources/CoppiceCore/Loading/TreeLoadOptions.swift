public import CoppiceModel

/// The treatment of differences between a saved tree and the tree that a load requests.
///
/// By default nothing is lost silently: every requested node must be saved, every saved node must
/// be requested, shapes must be equal, and casts keep the kind of number.
public struct TreeLoadOptions: Sendable {
  /// The changes that are made to the saved tree before it is compared with the request, in order.
  public var transforms: [TreeTransform] = []

  /// The limit to which casts may change values.
  public var castMode = CastMode.rounding

  /// The treatment of an array whose requested shape isn't the saved one.
  public var resizing = Resizing.refuse

  /// The leaves that are loaded; all others are left out of the result without an error.
  public var selection = Selection.all

  /// The treatment of requested nodes that the checkpoint lacks.
  public var missing = Missing.error

  /// The treatment of saved nodes that aren't requested.
  public var unexpected = Unexpected.error

  /// The rule by which saved containers match requested ones.
  public var containers = Containers.lenient

  /// Whether a requested `none` takes whatever is saved, as for a property of a target that is
  /// `nil`.
  var noneTakesAnything = false

  /// Creates options; what isn't given has its default.
  public init(
    transforms: [TreeTransform] = [], castMode: CastMode = .rounding, resizing: Resizing = .refuse,
    selection: Selection = .all, missing: Missing = .error, unexpected: Unexpected = .error,
    containers: Containers = .lenient
  ) {
    self.transforms = transforms
    self.castMode = castMode
    self.resizing = resizing
    self.selection = selection
    self.missing = missing
    self.unexpected = unexpected
    self.containers = containers
  }
}

extension TreeLoadOptions {
  /// The permitted changes at the end of each dimension that give an array its requested extents.
  ///
  /// Elements keep their indices: resizing never adds or cuts at the beginning. The number of
  /// dimensions never changes.
  public struct Resizing: Hashable, Sendable {
    /// The number that fills up dimensions that are too short; `nil` refuses such arrays.
    public var padding: Double?

    /// Whether dimensions that are too long are cut.
    public var truncates: Bool

    /// Creates a rule for dimensions that are too short and for those that are too long.
    public init(padding: Double?, truncates: Bool) {
      self.padding = padding
      self.truncates = truncates
    }

    /// The rule that shapes must be equal.
    public static let refuse = Self(padding: nil, truncates: false)
    /// The rule that dimensions that are too long are cut, and arrays with too short ones refused.
    public static let truncate = Self(padding: nil, truncates: true)
    /// Returns the rule that dimensions that are too short are filled up, and arrays with too long
    /// ones refused.
    public static func pad(with fill: Double = 0) -> Self {
      Self(padding: fill, truncates: false)
    }
    /// Returns the rule that too short dimensions are filled up and too long ones cut.
    ///
    /// Orbax has the same rule when its restore arguments allow other shapes.
    public static func padAndTruncate(with fill: Double = 0) -> Self {
      Self(padding: fill, truncates: true)
    }
  }

  /// A selection of leaves of a checkpoint.
  public enum Selection: Sendable {
    /// All leaves.
    case all
    /// The leaves whose path matches a pattern, or that lie in a container whose path does.
    case matching([PathGlob])
    /// The leaves for which a closure returns `true`.
    ///
    /// Its second argument is `nil` for values, and for leaves without metadata: those whose
    /// description is damaged, and those that no array can represent.
    case leaves(where: @Sendable (TreePath, ArrayMetadata?) -> Bool)
  }

  /// A treatment of requested nodes that the checkpoint lacks.
  public enum Missing: Sendable {
    /// The load fails with `structure.mismatch`.
    case error
    /// The load takes the nodes of another tree, or of the tree that a `Codable` value encodes to,
    /// at the same paths, and casts and cuts them like saved ones.
    ///
    /// A node that this tree lacks too is an error. A load into a type without a target or an
    /// abstract tree takes keys of dictionaries that the checkpoint lacks.
    case fallback(any Encodable & Sendable)
    /// The load leaves the nodes out of the result.
    ///
    /// In a sequence, `none` takes the place of an element that is left out.
    case omit
  }

  /// A treatment of saved nodes that aren't requested.
  public enum Unexpected: Hashable, Sendable {
    /// The load fails with `structure.mismatch`.
    case error
    /// The load doesn't read them.
    case ignore
  }

  /// A rule by which saved containers match requested ones.
  public enum Containers: Hashable, Sendable {
    /// Containers match if they are of the same kind; records must have the same type, and keys the
    /// same kind.
    case strict
    /// Containers of all kinds match, and their children by name alone.
    ///
    /// A list's element 0, the keys "0" and 0, and the field "0" have the same name. So a tree that
    /// JAX saved, with lists for tuples and dictionaries for records, loads into the requested
    /// structure. A container without children matches `none`.
    case lenient
  }
}
