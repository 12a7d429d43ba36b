/// Something that a format can't say, and what was done about it.
public struct ConversionNote: Sendable {
  /// What kind of thing it is: the part before the colon in a report.
  public struct Kind: RawRepresentable, Hashable, Sendable {
    /// The kind's name in reports.
    public let rawValue: String

    /// Makes a kind of its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Containers became something else: nesting became names, lists became dictionaries.
    public static let structure = Self(rawValue: "structure")
    /// An integer key became text.
    public static let integerKey = Self(rawValue: "integer-key")
    /// A container without anything in it was left out.
    public static let emptyContainer = Self(rawValue: "empty-container")
    /// A number became an array of no dimensions.
    public static let scalar = Self(rawValue: "scalar")
    /// A value was left out.
    public static let leftOut = Self(rawValue: "left-out")
    /// Something damaged was left out, as asked for.
    public static let damaged = Self(rawValue: "damaged")
    /// Something that no array can represent was left out, as asked for.
    public static let unsupported = Self(rawValue: "unsupported")
    /// Elements took another type.
    public static let dtype = Self(rawValue: "dtype")
    /// The mark of a random-number key was left out; its data are there.
    public static let randomKey = Self(rawValue: "random-key")
    /// How an array had been spread over devices was left out.
    public static let sharding = Self(rawValue: "sharding")
    /// Metadata were left out or changed.
    public static let metadata = Self(rawValue: "metadata")
    /// Data are stored so that some programs need more than they bring along; nothing is lost.
    public static let compression = Self(rawValue: "compression")
    /// A whole part of the checkpoint was left out.
    public static let part = Self(rawValue: "part")
  }

  /// The node of the tree, as the text of its path; empty for the whole.
  public var treePath: String

  /// What kind of thing can't be said.
  public var kind: Kind

  /// What was there and what became of it, in one line.
  public var message: String

  /// Makes a note.
  public init(_ kind: Kind, _ message: String, treePath: String = "") {
    self.kind = kind
    self.message = message
    self.treePath = treePath
  }
}

extension ConversionNote: Hashable {
  /// Compares two notes byte for byte: two spellings of a character are two paths.
  public static func == (left: ConversionNote, right: ConversionNote) -> Bool {
    left.kind == right.kind && left.treePath.utf8.elementsEqual(right.treePath.utf8)
      && left.message.utf8.elementsEqual(right.message.utf8)
  }

  /// Feeds what equality compares.
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
