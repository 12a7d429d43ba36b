/// A note about something that a format can't represent, and what was done about it.
public struct ConversionNote: Sendable {
  /// The kind of a note, which reports print.
  public struct Kind: RawRepresentable, Hashable, Sendable {
    /// The kind's name in reports.
    public let rawValue: String

    /// Makes a kind from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Containers were changed: nesting became names, lists became dictionaries.
    public static let structure = Self(rawValue: "structure")
    /// An integer key became text.
    public static let integerKey = Self(rawValue: "integer-key")
    /// An empty container was left out.
    public static let emptyContainer = Self(rawValue: "empty-container")
    /// A number became an array without dimensions.
    public static let scalar = Self(rawValue: "scalar")
    /// A value was left out.
    public static let leftOut = Self(rawValue: "left-out")
    /// Something damaged was left out, as requested.
    public static let damaged = Self(rawValue: "damaged")
    /// Something that no array can represent was left out, as requested.
    public static let unsupported = Self(rawValue: "unsupported")
    /// Elements were stored with another dtype.
    public static let dtype = Self(rawValue: "dtype")
    /// An array that shared its elements with another was written once more.
    public static let tied = Self(rawValue: "tied")
    /// The type of a random-number key was left out; its data were kept.
    public static let randomKey = Self(rawValue: "random-key")
    /// An array's distribution over devices was left out.
    public static let sharding = Self(rawValue: "sharding")
    /// Metadata were left out or changed.
    public static let metadata = Self(rawValue: "metadata")
    /// Data are stored in a way that some programs can't read without a plugin; nothing is lost.
    public static let compression = Self(rawValue: "compression")
    /// A file is larger than asked for, since a single array needs it; nothing is lost.
    public static let fileSize = Self(rawValue: "file-size")
    /// One process of several did all the work; nothing is lost.
    public static let division = Self(rawValue: "division")
    /// A whole checkpointable was left out.
    public static let checkpointable = Self(rawValue: "checkpointable")
  }

  /// The effect on the content of a checkpoint that a note tells of.
  public enum Effect: Hashable, Sendable {
    /// It is there in another form.
    case changed
    /// It is not there.
    case lost
    /// It is there as it was; the note is about something else.
    case kept
  }

  /// The node of the tree, as the text of its path; empty for the whole.
  public var treePath: String

  /// The kind of the note.
  public var kind: Kind

  /// The old content and what became of it, in one line.
  public var message: String

  /// Makes a note.
  public init(_ kind: Kind, _ message: String, treePath: String = "") {
    self.kind = kind
    self.message = message
    self.treePath = treePath
  }
}

extension ConversionNote.Kind {
  /// The effect of what the notes of this kind say; kinds of other writers are taken for losses.
  public var effect: ConversionNote.Effect {
    switch self {
    case .structure, .integerKey, .scalar, .dtype, .tied: .changed
    case .compression, .division, .fileSize: .kept
    default: .lost
    }
  }
}

extension ConversionNote: Hashable {
  /// Compares two notes byte for byte: paths that spell a character differently are different.
  public static func == (left: ConversionNote, right: ConversionNote) -> Bool {
    left.kind == right.kind && left.treePath.utf8.elementsEqual(right.treePath.utf8)
      && left.message.utf8.elementsEqual(right.message.utf8)
  }

  /// Feeds the bytes that equality compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(TreeKey.string(treePath))
    hasher.combine(TreeKey.string(message))
  }
}

extension ConversionNote: CustomStringConvertible {
  /// One line: `tree/path: message [kind]`.
  public var description: String {
    let place = treePath.printable(keepingEndsOf: 200)
    return (place.isEmpty ? "" : place + ": ") + message.printable(keepingEndsOf: 2000)
      + " [\(kind.rawValue)]"
  }
}
