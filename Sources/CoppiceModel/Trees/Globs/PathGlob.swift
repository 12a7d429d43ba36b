/// A pattern for paths of a tree, as shells know them for files.
///
/// It is matched against the escaped text of the components, always against the whole path:
///
/// - `*` any characters of one component, also none; `?` one character
/// - `[a-z]`, `[!a-z]` one character of a set, or one not of it
/// - `{a,b}` one of several alternatives inside a component
/// - `**` as a component of its own: any number of components, also none
/// - `\` takes the next character as it is
///
/// The empty pattern matches the root alone. Time grows with the product of the two lengths, whatever
/// the pattern.
public struct PathGlob: Sendable {
  /// The text that the pattern was made of.
  public let pattern: String

  private let steps: [Step]

  /// What one component of a pattern stands for.
  enum Step: Sendable {
    case anyDepth
    case component(GlobMachine)
  }

  /// Makes a pattern.
  ///
  /// - Throws: `usage.glob` when the text is malformed.
  public init(_ pattern: String) throws(CoppiceError) {
    self.pattern = pattern
    self.steps = try Self.steps(of: pattern)
  }

  /// Tells whether the whole path matches.
  public func matches(_ path: TreePath) -> Bool {
    matches(path.components.map(\.escaped))
  }

  /// Tells whether components, escaped already, match.
  package func matches(_ components: [String]) -> Bool {
    // Which numbers of steps can have been used up by the components so far.
    var reached = [Bool](repeating: false, count: steps.count + 1)
    reached[0] = true
    skipAnyDepths(&reached)
    for component in components {
      let scalars = Array(component.unicodeScalars)
      var next = [Bool](repeating: false, count: reached.count)
      for (index, step) in steps.enumerated() where reached[index] {
        switch step {
        case .anyDepth: next[index] = true
        case .component(let machine): next[index + 1] = next[index + 1] || machine.matches(scalars)
        }
      }
      skipAnyDepths(&next)
      guard next.contains(true) else { return false }
      reached = next
    }
    return reached[steps.count]
  }

  /// A step for any depth may stand for no component.
  private func skipAnyDepths(_ reached: inout [Bool]) {
    for (index, step) in steps.enumerated() where reached[index] {
      if case .anyDepth = step { reached[index + 1] = true }
    }
  }
}

extension PathGlob: Hashable {
  /// Patterns are equal when their texts are, byte for byte.
  public static func == (left: PathGlob, right: PathGlob) -> Bool {
    left.pattern.utf8.elementsEqual(right.pattern.utf8)
  }

  /// Adds the text's bytes.
  public func hash(into hasher: inout Hasher) {
    for byte in pattern.utf8 { hasher.combine(byte) }
  }
}

extension PathGlob: CustomStringConvertible {
  /// The pattern's text.
  public var description: String { pattern }
}
