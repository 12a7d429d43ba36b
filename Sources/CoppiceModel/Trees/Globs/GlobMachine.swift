/// The compiled form of one component of a glob: a nondeterministic automaton.
///
/// It follows all states at once, in time proportional to the text's length times the pattern's;
/// trying one path after another could take exponential time.
struct GlobMachine: Sendable {
  /// One state, which leads to the next one unless it says otherwise.
  enum Instruction: Sendable {
    /// Consumes one character.
    case take(CharacterTest)
    /// Leads to both states without consuming a character.
    case split(Int, Int)
    /// Leads to another state without consuming a character.
    case jump(Int)
    /// Marks the border of a wildcard: its beginning at even numbers, its end at odd ones.
    case mark(Int)
  }

  /// A condition on a character.
  enum CharacterTest: Sendable {
    case any
    case exactly(Unicode.Scalar)
    case oneOf([ClosedRange<Unicode.Scalar>], isNegated: Bool)

    func accepts(_ scalar: Unicode.Scalar) -> Bool {
      switch self {
      case .any: true
      case .exactly(let wanted): scalar == wanted
      case .oneOf(let ranges, let isNegated):
        ranges.contains { $0.contains(scalar) } != isNegated
      }
    }
  }

  /// The states; the text matches if their end is reached.
  var instructions: [Instruction] = []

  /// The number of wildcards outside of braces.
  private(set) var wildcardCount = 0

  mutating func beginWildcard() { instructions.append(.mark(2 * wildcardCount)) }

  mutating func endWildcard() {
    instructions.append(.mark(2 * wildcardCount + 1))
    wildcardCount += 1
  }

  /// Returns whether the whole text matches.
  func matches(_ text: [Unicode.Scalar]) -> Bool {
    var states = StateSet(count: instructions.count + 1)
    var next = states
    enter(0, &states)
    for scalar in text {
      next.removeAll()
      for state in states.members where state < instructions.count {
        if case .take(let test) = instructions[state], test.accepts(scalar) {
          enter(state + 1, &next)
        }
      }
      swap(&states, &next)
      if states.members.isEmpty { return false }
    }
    return states.contains(instructions.count)
  }

  /// Adds a state and those that it leads to without consuming a character.
  private func enter(_ state: Int, _ states: inout StateSet) {
    var pending = [state]
    while let state = pending.popLast() {
      guard states.insert(state), state < instructions.count else { continue }
      switch instructions[state] {
      case .take: break
      case .mark: pending.append(state + 1)
      case .jump(let target): pending.append(target)
      case .split(let first, let second): pending += [first, second]
      }
    }
  }
}

/// A set of small numbers that can be emptied fast.
struct StateSet {
  private(set) var members: [Int] = []
  private var isMember: [Bool]

  init(count: Int) { isMember = Array(repeating: false, count: count) }

  func contains(_ state: Int) -> Bool { isMember[state] }

  mutating func insert(_ state: Int) -> Bool {
    guard !isMember[state] else { return false }
    isMember[state] = true
    members.append(state)
    return true
  }

  mutating func removeAll() {
    for member in members { isMember[member] = false }
    members.removeAll(keepingCapacity: true)
  }
}
