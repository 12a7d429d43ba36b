/// A pattern for paths of a tree, like a shell's pattern for files.
///
/// It is matched against the escaped text of the components, and must match the whole path:
///
/// - `*` any number of characters of one component; `?` one character
/// - `[a-z]`, `[!a-z]` one character of a set, or one not in it
/// - `{a,b}` one of several alternatives inside a component; `{0..31}` one of the numbers from 0 to 31
/// - `**` as a whole component: any number of components
/// - `\` the next character, taken literally
///
/// The empty pattern matches only the root. Matching takes time proportional to the product of the
/// two lengths, whatever the pattern.
public struct PathGlob: Sendable {
  /// The text of the pattern.
  public let pattern: String

  let steps: [Step]

  /// One component of a pattern.
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

  /// Returns whether the whole path matches.
  public func matches(_ path: TreePath) -> Bool {
    matches(path.components.map(\.escaped))
  }

  /// Returns whether escaped components match, such as the names and paths that listings print.
  public func matches(_ components: [String]) -> Bool {
    // For each number of steps, whether the components so far can match that many.
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

  /// Skips steps for any depth, which may match no component.
  private func skipAnyDepths(_ reached: inout [Bool]) {
    for (index, step) in steps.enumerated() where reached[index] {
      if case .anyDepth = step { reached[index + 1] = true }
    }
  }
}

extension PathGlob: Hashable {
  /// Compares the texts of two patterns byte for byte.
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
