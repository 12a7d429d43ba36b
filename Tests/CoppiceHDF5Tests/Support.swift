import CoppiceHDF5
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A directory for one test, gone with it.
final class Scratch: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/coppice-hdf5-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      String(cString: mkdtemp(buffer.baseAddress!)!)
    }
  }

  deinit {
    _ = run("rm", "-rf", path)
  }

  func file(_ name: String) -> String { path + "/" + name }
}

/// Runs a command found in PATH, and gives its exit status and what it printed.
@discardableResult
func run(_ command: String...) -> (status: Int32, output: String) {
  let quoted = command.map {
    "'"
      + $0.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
  guard let pipe = popen(quoted.joined(separator: " ") + " 2>&1", "r") else { return (-1, "") }
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
    output += buffer[..<count]
  }
  let status = pclose(pipe)
  return (status >> 8, String(decoding: output, as: UTF8.self))
}

/// Tells whether HDF5's own tools are there to give a second opinion.
let hasDump = run("h5dump", "--version").status == 0

/// The values of one dataset as `h5dump` prints them, without blanks.
func dumpedValues(_ file: String, _ path: String) -> String {
  let dump = run("h5dump", "-y", "-w", "0", "-m", "%.9g", "-d", path, file).output
  guard let start = dump.firstRange(of: "DATA {")?.upperBound else { return dump }
  let rest = dump[start...]
  guard let end = rest.firstRange(of: "\n   }")?.lowerBound else { return dump }
  return String(rest[..<end].filter { !$0.isWhitespace })
}

func contents(of path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
    bytes += buffer[..<count]
  }
  return bytes
}

extension Array where Element == UInt8 {
  /// The bytes of numbers in memory order: little-endian on every machine that runs this.
  init(of numbers: [some BitwiseCopyable]) {
    self = numbers.withUnsafeBytes { Array($0) }
  }
}

extension Dataset {
  func write(_ bytes: [UInt8], in box: Box? = nil) throws {
    try write(bytes.span.bytes, in: box)
  }

  func bytes(count: Int, in box: Box? = nil) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var raw = span.mutableBytes
    try read(into: &raw, in: box)
    return bytes
  }
}
