import Coppice

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Saves steps through a `Checkpointer` that keeps three: what `faults.py` kills.
///
///     Trainer ROOT FIRST LAST
///
/// Each step's state says the step. Errors are one line; the exit status is 2 then.
@main
enum Trainer {
  static func main() async {
    let words = CommandLine.arguments
    guard words.count == 4, let first = Int(words[2]), let last = Int(words[3]) else {
      fail("usage: Trainer ROOT FIRST LAST")
    }
    do {
      let options = CheckpointerOptions(preservation: .latest(3))
      let checkpointer = try Checkpointer(FilePath(words[1]), options: options)
      var before: StepSave?
      for step in stride(from: first, through: last, by: 1) {
        // No save follows a failed one, so that the steps on disk have no gaps and are easy to
        // check.
        try await before?.result()
        before = try await checkpointer.saveAsync(
          step: step, try state(step), metrics: ["loss": .float(1 / Double(step + 1))]
        ).get()
      }
      try await checkpointer.close()
    } catch {
      fail("\(error)")
    }
  }

  /// Some arrays, small and larger, and the number itself.
  private static func state(_ step: Int) throws(CoppiceError) -> Tree<NDArray> {
    var entries: [Tree<NDArray>.Entry] = [.init("step", .value(.int(IntegerText(step))))]
    for (index, count) in [4, 1000, 50_000].enumerated() {
      guard let shape = Shape([count]) else { continue }
      let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: step), count: count)
      let array = try NDArray(dtype: .uint8, shape: shape, bytes: bytes)
      entries.append(.init(.string("array\(index)"), .leaf(array)))
    }
    return .dict(entries)
  }

  private static func fail(_ message: String) -> Never {
    for line in [message + "\n"] { line.withCString { _ = write(2, $0, strlen($0)) } }
    exit(2)
  }
}
