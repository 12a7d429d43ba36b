/// An array as a format without nesting writes it, under a name that says the whole way to it.
package protocol FlatArray {
  /// The spelling of the format's names.
  static var naming: FlatNaming { get }

  /// Whether the format has arrays of texts and of byte strings.
  static var holdsTexts: Bool { get }

  /// Makes an array, in the nearest type of the format that holds every bit of it.
  ///
  /// - Returns: The array and, where the type isn't its own, what to say about it.
  /// - Throws: The format's codes for names and sizes that it can't hold.
  static func make(
    of source: any ArraySource, named name: String, at path: TreePath
  ) throws(CoppiceError) -> (array: Self, note: String?)

  /// Makes an array of texts; `nil` for texts that the format can't hold.
  ///
  /// - Throws: As for other arrays.
  static func make(
    of texts: TextArray, named name: String, at path: TreePath
  ) throws(CoppiceError) -> Self?
}

extension FlatArray {
  /// Most formats hold numbers only.
  package static var holdsTexts: Bool { false }

  /// Nothing: the format holds no texts.
  package static func make(
    of texts: TextArray, named name: String, at path: TreePath
  ) throws(CoppiceError) -> Self? { nil }
}

/// How a format without nesting makes names of paths, and how notes and errors speak of them.
package struct FlatNaming: Sendable {
  /// The text between the keys of a path, and the word for it.
  package var separator: (text: String, word: String)

  /// The name of an array that is the whole tree, and the words for it.
  package var nameOfOnly: (text: String, words: String)

  /// The error of two arrays with one name, and the words for the file.
  package var collision: (code: CoppiceError.Code, file: String)

  package init(
    separator: (text: String, word: String), nameOfOnly: (text: String, words: String),
    collision: (code: CoppiceError.Code, file: String)
  ) {
    self.separator = separator
    self.nameOfOnly = nameOfOnly
    self.collision = collision
  }
}
