import CoppiceInterop
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// The Python that `make venv` installs, with NumPy.
private let python = Specification.package.appending(".venv/bin/python").string

/// Arrays as files of NumPy.
struct NumPyFileTests {
  private func bytes(_ file: NumPyFile) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try file.write { piece in bytes += piece.copied }
    return bytes
  }

  @Test(.enabled(if: ShellCommand.has(python)))
  func numPyLoadsThem() throws {
    let directory = try TemporaryDirectory()
    var hex: [String: String] = [:]
    for dtype in DType.allCases {
      let source = (0..<(6 * dtype.width)).map { UInt8($0) }
      let mask: UInt8 = dtype == .bool ? 1 : UInt8((1 << min(dtype.significantBits, 8)) - 1)
      let array = try NDArray(dtype: dtype, shape: [2, 3], bytes: source.map { $0 & mask })
      try writeFile(directory("\(dtype).npy"), bytes(NumPyFile(of: array)))
      hex["\(dtype)"] = try array.hex
    }
    let script = """
      import glob, numpy, os, sys
      for path in glob.glob(sys.argv[1] + "/*.npy"):
        a = numpy.load(path)
        print(os.path.basename(path)[:-4], a.shape, a.tobytes().hex(), sep="\t")
      """
    let result = ShellCommand.script(
      "\(ShellCommand.quoted(python)) -c \(ShellCommand.quoted(script)) "
        + ShellCommand.quoted(directory.path.string))
    let lines = result.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(lines.count == DType.allCases.count, "\(result.output)")
    for line in lines where line.count == 3 {
      #expect(line[1] == "(2, 3)")
      // These are written as int8, with their signs.
      guard line[0] != "int2", line[0] != "int4" else { continue }
      #expect(String(line[2]) == hex[String(line[0])], "\(line[0])")
    }
  }

  @Test func typesWithoutANameHaveANote() throws {
    #expect(try NumPyFile(of: NDArray.zeros(.bfloat16, shape: [1])).note?.kind == .dtype)
    #expect(try NumPyFile(of: NDArray.zeros(.float32, shape: [1])).note == nil)
  }
}
