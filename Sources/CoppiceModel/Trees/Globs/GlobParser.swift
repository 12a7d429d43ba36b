/// A compiler of one component of a glob.
struct GlobParser {
  private let scalars: [Unicode.Scalar]
  private let pattern: String
  private var position = 0
  private var machine = GlobMachine()

  /// The limit on nested alternatives.
  private static let maximumDepth = 16

  /// The limit on the numbers of a range.
  private static let mostNumbers = 10_000

  init(_ component: some Sequence<Unicode.Scalar>, of pattern: String) {
    self.scalars = Array(component)
    self.pattern = pattern
  }

  /// Returns the automaton of the whole component.
  mutating func parse() throws(CoppiceError) -> GlobMachine {
    try readSequence(depth: 0)
    return machine
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  /// Reads to the end, or inside braces up to `,` or `}`, which stays unread.
  private mutating func readSequence(depth: Int) throws(CoppiceError) {
    while let scalar = next {
      if depth > 0, scalar == "," || scalar == "}" { return }
      position += 1
      let isWildcard = depth == 0 && ["*", "?", "[", "{"].contains(scalar)
      if isWildcard { machine.beginWildcard() }
      switch scalar {
      case "*": try readStar()
      case "?": machine.instructions.append(.take(.any))
      case "[": try readSet()
      case "{": try readAlternatives(depth: depth + 1)
      case "}": throw malformed("} closes nothing; write \\} for the character")
      case "\\": machine.instructions.append(.take(.exactly(try readEscaped())))
      default: machine.instructions.append(.take(.exactly(scalar)))
      }
      if isWildcard { machine.endWildcard() }
    }
  }

  private mutating func readStar() throws(CoppiceError) {
    guard next != "*" else {
      throw malformed("** stands for whole components, alone between slashes")
    }
    let start = machine.instructions.count
    // The end first: a star takes as little as it can.
    machine.instructions += [.split(start + 3, start + 1), .take(.any), .jump(start)]
  }

  private mutating func readEscaped() throws(CoppiceError) -> Unicode.Scalar {
    guard let scalar = next else { throw malformed("nothing follows the last \\") }
    position += 1
    return scalar
  }

  /// Reads `a,b}`; the states of all alternatives run at once.
  private mutating func readAlternatives(depth: Int) throws(CoppiceError) {
    guard depth <= Self.maximumDepth else {
      throw malformed("braces are nested more than \(Self.maximumDepth) deep")
    }
    if let numbers = try readNumbers() { return appendAlternatives(numbers) }
    var ends: [Int] = []
    while true {
      let split = machine.instructions.count
      machine.instructions.append(.jump(split + 1))
      try readSequence(depth: depth)
      guard let end = next else { throw malformed("{ is not closed inside its component") }
      position += 1
      if end == "}" { break }
      ends.append(machine.instructions.count)
      machine.instructions.append(.jump(0))
      machine.instructions[split] = .split(split + 1, machine.instructions.count)
    }
    for end in ends { machine.instructions[end] = .jump(machine.instructions.count) }
  }

  /// Reads `0..31}` and returns the numbers as texts; reads nothing if something else follows.
  ///
  /// All numbers are as long as the first if that begins with a zero, as in `{00..31}`.
  private mutating func readNumbers() throws(CoppiceError) -> [String]? {
    guard let end = scalars[position...].firstIndex(of: "}") else { return nil }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[position..<end])
    let ends = String(text).split(separator: "..", omittingEmptySubsequences: false)
    guard ends.count == 2,
      ends.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let first = Int(ends[0]), let last = Int(ends[1])
    else { return nil }
    guard first <= last, last - first < Self.mostNumbers else {
      throw malformed(
        "{\(ends[0])..\(ends[1])} runs backwards or has more than \(Self.mostNumbers) numbers")
    }
    position = end + 1
    let width = ends[0].hasPrefix("0") ? ends[0].utf8.count : 1
    return (first...last).map { number in
      let digits = String(number)
      return String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
    }
  }

  private mutating func appendAlternatives(_ texts: [String]) {
    var ends: [Int] = []
    for (index, text) in texts.enumerated() {
      let split = machine.instructions.count
      if index + 1 < texts.count { machine.instructions.append(.jump(0)) }
      for scalar in text.unicodeScalars { machine.instructions.append(.take(.exactly(scalar))) }
      guard index + 1 < texts.count else { break }
      ends.append(machine.instructions.count)
      machine.instructions.append(.jump(0))
      machine.instructions[split] = .split(split + 1, machine.instructions.count)
    }
    for end in ends { machine.instructions[end] = .jump(machine.instructions.count) }
  }

  /// Reads `a-z]` or `!a-z]`; a leading `]` is a member of the set.
  private mutating func readSet() throws(CoppiceError) {
    let isNegated = next == "!" || next == "^"
    if isNegated { position += 1 }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    while let scalar = next, scalar != "]" || ranges.isEmpty {
      let first = try readMember()
      guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
        ranges.append(first...first)
        continue
      }
      position += 1
      let last = try readMember()
      guard first <= last else { throw malformed("the range \(first)-\(last) runs backwards") }
      ranges.append(first...last)
    }
    guard next == "]" else { throw malformed("[ is not closed inside its component") }
    position += 1
    machine.instructions.append(.take(.oneOf(ranges, isNegated: isNegated)))
  }

  private mutating func readMember() throws(CoppiceError) -> Unicode.Scalar {
    let scalar = try readEscaped()
    return scalar == "\\" ? try readEscaped() : scalar
  }

  private func malformed(_ reason: String) -> CoppiceError {
    PathGlob.malformed(pattern, reason)
  }
}
