#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The counts of one operation, with the limit of each.
struct Measurement {
  let name: String
  private let counted: Counters
  private let peak: Int
  private(set) var isWithinBounds = true

  /// Counts what an operation does.
  static func of<Result>(
    _ name: String, _ operation: () async throws -> Result
  ) async rethrows -> (result: Result, measurement: Measurement) {
    // Reading the counters is counted too: that much is taken off.
    let before = Counters.now() ?? Counters()
    let start = Counters.now() ?? Counters()
    Counters.resetPeak()
    let memory = Counters.memory("VmRSS:")
    let begin = Counters.now() ?? Counters()
    let result = try await operation()
    let end = Counters.now() ?? Counters()
    let peak = Counters.memory("VmHWM:") - memory
    return (result, Measurement(name, (end - begin) - (start - before), peak: peak))
  }

  private init(_ name: String, _ counted: Counters, peak: Int) {
    self.name = name
    self.counted = counted
    self.peak = peak
  }

  /// Checks one count against its limit and prints both.
  mutating func check(_ what: String, _ value: KeyPath<Counters, Int>, atMost bound: Int) {
    check(what, counted[keyPath: value], atMost: bound)
  }

  /// Checks the additional memory of the operation against a limit.
  mutating func checkMemory(atMost bound: Int) { check("bytes of memory", peak, atMost: bound) }

  private mutating func check(_ what: String, _ value: Int, atMost bound: Int) {
    let isFine = value <= bound
    isWithinBounds = isWithinBounds && isFine
    print("\(isFine ? "ok  " : "OVER") \(name): \(value) \(what), at most \(bound)")
  }
}
