import CoppiceJSON
import CoppiceModel
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Python's `json` as a second opinion: which documents are JSON, and what their canonical form is.
@Suite struct PythonTests {
  static let isPresent = system("command -v python3 >/dev/null 2>&1") == 0

  @Test(.enabled(if: isPresent), arguments: [JSONDialect.strict, .python])
  func agreesWithPython(_ dialect: JSONDialect) throws {
    let documents = FuzzTests.seeds + FuzzTests.documents(20_000, seed: 5)
    let verdicts = try Self.verdicts(documents, isPython: dialect == .python)
    #expect(verdicts.count == documents.count)
    for (bytes, verdict) in zip(documents, verdicts) {
      let root = try? parse(bytes, dialect)
      let ours = root.map { CanonicalJSON.encode($0).dropLast() } ?? Array("refused".utf8)[...]
      #expect(ours.elementsEqual(verdict), "\(String(decoding: bytes, as: UTF8.self)): \(bytes)")
    }
  }

  /// One line for each document: its canonical form, or `refused`.
  private static func verdicts(_ documents: [[UInt8]], isPython: Bool) throws -> [[UInt8]] {
    var template = Array("/tmp/strictjson-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template)).withMemoryRebound(
      to: UInt8.self, capacity: template.count
    ) {
      String(cString: $0)
    }
    defer { for name in ["/script.py", "/input", ""] { remove(directory + name) } }
    try write(Array(script.utf8), to: directory + "/script.py")
    let input = documents.flatMap { document in
      withUnsafeBytes(of: UInt32(document.count).littleEndian) { Array($0) } + document
    }
    try write(input, to: directory + "/input")
    let command =
      "python3 '\(directory)/script.py' '\(directory)/input' \(isPython ? "python" : "strict")"
    let pipe = try #require(popen(command, "r"))
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&block, 1, block.count, pipe), count > 0 {
      output += block[..<count]
    }
    #expect(pclose(pipe) == 0)
    return output.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map {
      Array($0)
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "w"))
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    #expect(fclose(file) == 0)
  }

  private static let script = #"""
    import json, re, struct, sys

    is_python = sys.argv[2] == "python"

    class Number(str):
        pass

    def constant(text):
        if not is_python:
            raise ValueError(text)
        return Number(text)

    def members(pairs):
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            raise ValueError("duplicate name")
        return dict(pairs)

    SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

    def quoted(text):
        body = re.sub(r'[\x00-\x1f"\\]', lambda m: SHORT.get(m[0]) or "\\u%04x" % ord(m[0]), text)
        return '"' + body + '"'

    def encoded(value, depth):
        if isinstance(value, Number):
            return str(value)
        if isinstance(value, str):
            return quoted(value)
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if depth == 0:
            raise ValueError("too deep")
        if isinstance(value, list):
            return "[" + ",".join(encoded(item, depth - 1) for item in value) + "]"
        names = sorted(value, key=lambda name: name.encode("utf-8"))
        return "{" + ",".join(quoted(n) + ":" + encoded(value[n], depth - 1) for n in names) + "}"

    data = open(sys.argv[1], "rb").read()
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        document = data[at + 4 : at + 4 + length]
        at += 4 + length
        try:
            value = json.loads(
                document.decode("utf-8"), parse_int=Number, parse_float=Number,
                parse_constant=constant, object_pairs_hook=members)
            line = encoded(value, 128).encode("utf-8")
        except (ValueError, RecursionError):
            line = b"refused"
        sys.stdout.buffer.write(line + b"\n")
    """#
}
