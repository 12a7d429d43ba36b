extension PathGlob {
  /// The part of a path that a wildcard matches.
  enum Capture: Hashable, Sendable {
    /// Characters of one component.
    case text(String)
    /// Whole components, possibly none.
    case components([String])
  }

  /// For each wildcard outside of braces, whether it is `**`.
  var wildcards: [Bool] {
    steps.flatMap { step in
      switch step {
      case .anyDepth: [true]
      case .component(let machine): Array(repeating: false, count: machine.wildcardCount)
      }
    }
  }

  /// Whether the pattern matches everything below the paths that it matches.
  var endsInAnyDepth: Bool {
    if case .anyDepth? = steps.last { return true }
    return false
  }

  /// Returns what each wildcard matches, in the order of the pattern; `nil` if the path as a whole doesn't match.
  ///
  /// From left to right, each wildcard takes as little as it can.
  func captures(of components: [String]) -> [Capture]? {
    let texts = components.map { Array($0.unicodeScalars) }
    // For each number of steps and of components, whether the rest of the steps matches the rest of the path.
    var fits = Array(
      repeating: Array(repeating: false, count: texts.count + 1), count: steps.count + 1)
    fits[steps.count][texts.count] = true
    for (index, step) in steps.enumerated().reversed() {
      for place in (0...texts.count).reversed() {
        switch step {
        case .anyDepth:
          fits[index][place] =
            fits[index + 1][place] || (place < texts.count && fits[index][place + 1])
        case .component(let machine):
          fits[index][place] =
            place < texts.count && fits[index + 1][place + 1] && machine.matches(texts[place])
        }
      }
    }
    guard fits[0][0] else { return nil }
    var captures: [Capture] = []
    var place = 0
    for (index, step) in steps.enumerated() {
      switch step {
      case .anyDepth:
        let start = place
        while !fits[index + 1][place] { place += 1 }
        captures.append(.components(Array(components[start..<place])))
      case .component(let machine):
        captures += (machine.captures(of: texts[place]) ?? []).map { .text($0) }
        place += 1
      }
    }
    return captures
  }
}
