/// The identity of a range of stored bytes.
///
/// Sources with equal identities read the same bytes of one open file.
public struct ByteIdentity: Sendable {
  /// The open file, retained so that no other can have its address while identities are compared.
  private let owner: any AnyObject & Sendable
  package let offset: Int
  package let byteCount: Int

  package init(of file: any AnyObject & Sendable, byteCount: Int) {
    (owner, offset, self.byteCount) = (file, 0, byteCount)
  }

  private init(_ owner: any AnyObject & Sendable, offset: Int, byteCount: Int) {
    (self.owner, self.offset, self.byteCount) = (owner, offset, byteCount)
  }

  /// The identity of the file alone.
  package var file: ObjectIdentifier { ObjectIdentifier(owner) }

  /// Returns the identity of a range of the bytes.
  package func slice(at start: Int, count: Int) -> ByteIdentity {
    ByteIdentity(owner, offset: offset + start, byteCount: count)
  }
}

extension ByteIdentity: Hashable {
  /// Compares files by identity, and ranges.
  public static func == (left: ByteIdentity, right: ByteIdentity) -> Bool {
    left.file == right.file && left.offset == right.offset && left.byteCount == right.byteCount
  }

  /// Feeds what equality compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(file)
    hasher.combine(offset)
    hasher.combine(byteCount)
  }
}

/// The identity of an array's elements.
///
/// Leaves with equal identities share their stored bytes, as tied weights do: they have the same
/// elements, which a format that can say so stores once.
public struct ArrayIdentity: Hashable, Sendable {
  package let bytes: ByteIdentity

  /// The element type of the bytes.
  package let dtype: DType

  /// What is done to the elements in turn: casts to a type, with the mode, and others by their names.
  package private(set) var changes: [String] = []

  package init(_ bytes: ByteIdentity, dtype: DType) { (self.bytes, self.dtype) = (bytes, dtype) }

  /// Returns the identity of the elements after a cast.
  package func cast(to dtype: DType, mode: CastMode) -> ArrayIdentity {
    changed("\(dtype.rawValue) \(mode.rawValue)")
  }

  /// Returns the identity of the elements after a change, which elements of the same name and dtype undergo alike.
  package func changed(_ change: String) -> ArrayIdentity {
    var identity = self
    identity.changes.append(change)
    return identity
  }
}

/// The stored bytes from which an array gathers its elements in an order of its own.
public struct ArrayView: Sendable {
  /// The bytes from the first element to the last, with all between them.
  package let bytes: ByteIdentity

  /// Whether each of these bytes is one of the elements'.
  package let isDense: Bool

  package init(_ bytes: ByteIdentity, isDense: Bool) {
    (self.bytes, self.isDense) = (bytes, isDense)
  }
}
