extension PathGlob {
  /// Returns the steps of a pattern, one for each component.
  static func steps(of pattern: String) throws(CoppiceError) -> [Step] {
    guard !pattern.isEmpty else { return [] }
    var steps: [Step] = []
    let components = pattern.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
    for component in components {
      guard !component.isEmpty else {
        throw malformed(
          pattern,
          "it has an empty component; paths begin and end without /, and %00e is the empty "
            + "key")
      }
      if component.elementsEqual("**".unicodeScalars) {
        steps.append(.anyDepth)
        continue
      }
      var parser = GlobParser(component, of: pattern)
      steps.append(.component(try parser.parse()))
    }
    return steps
  }

  static func malformed(_ pattern: String, _ reason: String) -> CoppiceError {
    CoppiceError(.usageGlob, "the pattern \(pattern.debugDescription) is malformed: \(reason)")
  }
}
