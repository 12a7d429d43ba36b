extension GlobMachine {
  /// A state with the borders of the wildcards on the way to it.
  private struct Thread {
    var state: Int
    var borders: [Int]
  }

  /// Returns the text that each wildcard outside of braces matches; `nil` if the text as a whole doesn't match.
  ///
  /// From left to right, each wildcard takes as few characters as it can, and of alternatives the first that fits.
  ///
  /// Complexity: As for matching, times the number of wildcards.
  func captures(of text: [Unicode.Scalar]) -> [String]? {
    // The threads are in order of preference, and of those that meet in a state the first goes on.
    var entered = StateSet(count: instructions.count + 1)
    let start = Thread(state: 0, borders: Array(repeating: 0, count: 2 * wildcardCount))
    var threads: [Thread] = []
    enter(start, at: 0, &entered, &threads)
    for (position, scalar) in text.enumerated() {
      entered.removeAll()
      var next: [Thread] = []
      for thread in threads where thread.state < instructions.count {
        guard case .take(let test) = instructions[thread.state], test.accepts(scalar) else {
          continue
        }
        let moved = Thread(state: thread.state + 1, borders: thread.borders)
        enter(moved, at: position + 1, &entered, &next)
      }
      threads = next
      if threads.isEmpty { return nil }
    }
    guard let match = threads.first(where: { $0.state == instructions.count }) else { return nil }
    return (0..<wildcardCount).map { number in
      var taken = String.UnicodeScalarView()
      taken.append(contentsOf: text[match.borders[2 * number]..<match.borders[2 * number + 1]])
      return String(taken)
    }
  }

  /// Adds the threads to which one leads without consuming a character.
  private func enter(
    _ thread: Thread, at position: Int, _ entered: inout StateSet, _ threads: inout [Thread]
  ) {
    var pending = [thread]
    while var thread = pending.popLast() {
      guard entered.insert(thread.state) else { continue }
      guard thread.state < instructions.count else {
        threads.append(thread)
        continue
      }
      let state = thread.state
      switch instructions[state] {
      case .take: threads.append(thread)
      case .mark(let border):
        thread.borders[border] = position
        thread.state = state + 1
        pending.append(thread)
      case .jump(let target):
        thread.state = target
        pending.append(thread)
      case .split(let first, let second):
        thread.state = second
        pending.append(thread)
        thread.state = first
        pending.append(thread)
      }
    }
  }
}
