/// An array in a format without nesting, named by the whole path to it.
package protocol FlatArray {
  /// The rules for names in the format.
  static var naming: FlatNaming { get }

  /// Whether the format has arrays of texts and of byte strings.
  static var holdsTexts: Bool { get }

  /// Makes an array in the nearest type of the format that holds every bit of it.
  ///
  /// - Returns: The array and, if its type differs, the message of a note about it.
  /// - Throws: The format's codes for names and sizes that it can't hold.
  static func make(
    of source: any ArraySource, named name: String, at path: TreePath
  ) throws(CoppiceError) -> (array: Self, note: String?)

  /// Makes an array of texts; returns `nil` for texts that the format can't hold.
  ///
  /// - Throws: As for other arrays.
  static func make(
    of texts: TextArray, named name: String, at path: TreePath
  ) throws(CoppiceError) -> Self?
}

extension FlatArray {
  /// Whether the format has arrays of texts; most formats hold numbers only.
  package static var holdsTexts: Bool { false }

  /// Returns `nil`: the format holds no texts.
  package static func make(
    of texts: TextArray, named name: String, at path: TreePath
  ) throws(CoppiceError) -> Self? { nil }
}

/// The rules by which a format without nesting makes names from paths, with their words for
/// messages.
package struct FlatNaming: Sendable {
  /// The text between the keys of a path, and the word for it in messages.
  package var separator: (text: String, word: String)

  /// The name of an array that is the whole tree, and the words for it in messages.
  package var nameOfOnly: (text: String, words: String)

  /// The code for two arrays with one name, and the words for the file in messages.
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
