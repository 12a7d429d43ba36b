import CCoppiceAllocations

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Counts of the work that this process has done so far.
struct Counters {
  var bytesRead = 0
  var bytesWritten = 0
  var readCalls = 0
  var writeCalls = 0
  var allocations = 0

  /// The counts now; `nil` where the system has none.
  static func now() -> Counters? {
    guard let text = Self.contents(of: "/proc/self/io") else { return nil }
    var found: [Substring: Int] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count == 2 { found[parts[0]] = Int(parts[1]) }
    }
    var counters = Counters()
    counters.bytesRead = found["rchar:"] ?? 0
    counters.bytesWritten = found["wchar:"] ?? 0
    counters.readCalls = found["syscr:"] ?? 0
    counters.writeCalls = found["syscw:"] ?? 0
    counters.allocations = Int(allocations_taken())
    return counters
  }

  static func - (left: Counters, right: Counters) -> Counters {
    Counters(
      bytesRead: left.bytesRead - right.bytesRead,
      bytesWritten: left.bytesWritten - right.bytesWritten,
      readCalls: left.readCalls - right.readCalls, writeCalls: left.writeCalls - right.writeCalls,
      allocations: left.allocations - right.allocations)
  }

  /// The memory in use, and the most since it was last reset, in bytes.
  static func memory(_ key: String) -> Int {
    let lines = (contents(of: "/proc/self/status") ?? "").split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix(key) }) else { return 0 }
    return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
      .flatMap { Int($0) }.map { $0 * 1024 } ?? 0
  }

  /// Resets the peak memory.
  static func resetPeak() {
    let file = open("/proc/self/clear_refs", O_WRONLY)
    guard file >= 0 else { return }
    _ = write(file, "5", 1)
    close(file)
  }

  private static func contents(of path: String) -> String? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = read(file, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
