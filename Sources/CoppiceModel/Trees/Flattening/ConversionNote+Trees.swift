// The writers of several formats share these notes, so that the same loss has the same words.
extension [ConversionNote] {
  /// Adds a note about a node.
  package mutating func add(
    _ kind: ConversionNote.Kind, _ message: String, at path: TreePath
  ) {
    append(ConversionNote(kind, message, treePath: path.description))
  }

  /// Returns a component as text, and notes an integer key that becomes text.
  ///
  /// - Parameter path: The path that ends with the component.
  package mutating func text(of component: TreePath.Component, at path: TreePath) -> String {
    if case .key(.integer(let key)) = component {
      add(.integerKey, "the integer key \(key) is written as text", at: path)
    }
    return component.plainText
  }

  /// Adds notes about properties of an array, for a format with neither random keys nor shardings.
  package mutating func addOmissions(of metadata: ArrayMetadata, at path: TreePath) {
    if let implementation = metadata.prngImplementation {
      add(
        .randomKey,
        "the data of a random key are written; that they are one of \(implementation.printable) is "
          + "not", at: path)
    }
    if metadata.sharding != nil { add(.sharding, "the sharding is left out", at: path) }
  }

  /// Adds a note about an array for which alone a file is larger than the limit.
  ///
  /// - Parameter byteCount: The bytes of the array, or of the part of it that isn't divided.
  package mutating func addOversize(_ byteCount: Int, limit: Int, at path: String) {
    append(
      ConversionNote(
        .fileSize,
        "\(byteCount) bytes of this array can't be divided, so that their file is larger than the limit of "
          + "\(limit)", treePath: path))
  }

  /// Returns a number as an array of no dimensions, and adds a note about it.
  ///
  /// - Returns: `nil` for an integer beyond 64 bits, which is noted too.
  package mutating func scalarArray(
    of value: TreeValue, at path: TreePath
  ) throws(CoppiceError) -> NDArray? {
    guard let array = try value.scalarArray() else {
      add(.leftOut, "an integer beyond 64 bits can't be written; it is left out", at: path)
      return nil
    }
    add(.scalar, "a number is written as an array of no dimensions", at: path)
    return array
  }
}

extension TreePath.Component {
  /// The component as text in a flat name; nothing is escaped.
  package var plainText: String {
    switch self {
    case .key(.string(let text)), .field(let text): text
    case .key(.integer(let number)): String(number)
    case .index(let index): String(index)
    }
  }
}
