import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

@testable import CoppicePyTorch

private let python = Specification.package.appending(".venv/bin/python").string

private func leaf(
  _ dtype: DType, _ dimensions: [Int], _ bytes: [UInt8]
) throws -> Tree<ArrayLeaf> {
  let shape = try #require(Shape(dimensions))
  return .leaf(ArrayLeaf(try NDArray(dtype: dtype, shape: shape, bytes: bytes)))
}

private func write(_ tree: Tree<ArrayLeaf>, to path: FilePath) throws -> PyTorchPlan {
  let contents = CheckpointContents(format: "test", root: .unnamed(.tree(tree)))
  let plan = try PyTorchPlan(writing: tree, of: contents)
  try plan.write(to: path, durability: .buffered)
  let file = try InputFile(opening: path)
  #expect(file.byteCount == plan.byteCount)
  return plan
}

/// Written files, as Python's zipfile and pickle read it by `Tests/Interop/pickle_reads.py`.
struct WritingTests {
  /// Prints what is in a file, after the checks of the script.
  private func printed(_ path: FilePath, _ print: String) -> String {
    let script = """
      import sys; sys.path.insert(0, sys.argv[1])
      import pickle_reads; value = pickle_reads.load(sys.argv[2]); print(\(print))
      """
    let folder = Specification.package.appending("Tests/Interop").string
    let (status, output) = ShellCommand.run(python, "-c", script, folder, path.string)
    #expect(status == 0, "\(output)")
    return output
  }

  @Test(.enabled(if: ShellCommand.has(python))) func typesAndShapesAreTorchs() throws {
    let directory = try TemporaryDirectory()
    let tree: Tree<ArrayLeaf> = .dict(
      try DType.allCases.map { dtype in
        let mask: UInt8 = dtype == .bool ? 1 : UInt8((1 << min(dtype.significantBits, 8)) - 1)
        let bytes = (0..<(6 * dtype.width)).map { UInt8(truncatingIfNeeded: $0 * 37 + 5) & mask }
        return .init(.string(dtype.rawValue), try leaf(dtype, [2, 3], bytes))
      } + [
        .init("scalar", try leaf(.uint8, [], [7])),
        .init("empty", try leaf(.int16, [2, 0, 3], [])),
      ])
    let plan = try write(tree, to: directory("m.pt"))
    let changed = plan.notes.map { "\($0.kind.rawValue) \($0.treePath)" }.sorted()
    #expect(
      changed == [
        "dtype float4_e2m1fn", "dtype float8_e3m4", "dtype float8_e4m3", "dtype float8_e4m3b11fnuz",
        "dtype int2", "dtype int4", "dtype uint2", "dtype uint4",
      ])
    let wrong = """
      [name for name, array in value.items() if name not in ("scalar", "empty", "int2", "int4") and (
          array.dtype.name != pickle_reads.NEAREST.get(name, name) or array.shape != (2, 3) or array.tobytes() !=
          bytes((37 * k + 5) & 255 & {"bool": 1, "uint2": 3, "uint4": 15, "float4_e2m1fn": 15}.get(name, 255)
                for k in range(array.nbytes)))], value["int4"].tolist(), value["empty"].shape, value["scalar"]
      """
    #expect(
      printed(directory("m.pt"), wrong)
        == "[] [[5, -6, -1], [4, -7, -2]] (2, 0, 3) 7\n")
  }

  @Test(.enabled(if: ShellCommand.has(python))) func containersAndValuesArePythons() throws {
    let directory = try TemporaryDirectory()
    let column = try #require(Shape([2, 1]))
    let texts = try #require(TextArray(shape: column, elements: .bytes([[0, 255], []])))
    func int(_ text: String) throws -> Tree<ArrayLeaf> {
      .value(.int(try #require(IntegerText(text))))
    }
    let integers = [
      "0", "255", "256", "65535", "65536", "-1", "-2147483648", "2147483648", "-2147483649",
      "-9223372036854775808", "9223372036854775808", "18446744073709551616",
      "-170141183460469231731687303715884105729", "1" + String(repeating: "0", count: 600),
      // The least and the greatest integers of 255 bytes, 2^2039 away from 0, are long: one more has no instruction.
      "-1" + String(repeating: "0", count: 700),
    ]
    let floats: [Tree<ArrayLeaf>] = [-0.0, 0.1, Double.infinity, .leastNonzeroMagnitude].map {
      .value(.float(Float64Bits($0)))
    }
    let tree: Tree<ArrayLeaf> = .dict([
      .init("z", .value(.null)), .init("a", .list([.value(.bool(true)), .value(.bool(false))])),
      .init(7, .tuple([])), .init(-3, .tuple([.value(.string("é\u{0}🌲"))])),
      .init("1", .list([])), .init("empty", .dict([])),
      .init("int", .list(try integers.map(int))),
      .init("bytes", .list([.value(.bytes([0, 127, 128, 255])), .value(.bytes([]))])),
      .init("float", .list(floats)),
      .init("complex", .value(.complex(real: Float64Bits(1.5), imaginary: Float64Bits(-2)))),
      .init("texts", .value(.stringArray(texts))),
      .init("record", .record(.init(type: "State", fields: [.init("step", try int("4"))]))),
    ])
    let plan = try write(tree, to: directory("m.pt"))
    #expect(
      plan.notes.map { "\($0.treePath) \($0.kind.rawValue)" } == [
        "int/14 scalar", "texts structure", "record structure",
      ])
    let output = printed(directory("m.pt"), "value")
    #expect(
      output == """
        {'z': None, 'a': [True, False], 7: (), -3: ('é\\x00🌲',), '1': [], 'empty': {}, 'int': \
        [\(integers.dropLast().joined(separator: ", ")), '\(integers[14])'], 'bytes': \
        [b'\\x00\\x7f\\x80\\xff', b''], 'float': [-0.0, 0.1, inf, 5e-324], 'complex': (1.5-2j), \
        'texts': [[b'\\x00\\xff'], [b'']], 'record': {'step': 4}}

        """)
  }

  @Test func theNumberWithTheMostBytesIsWritten() {
    var encoder = PickleEncoder()
    // 2^2039 - 1 takes 255 bytes with its sign.
    let bytes = [UInt8](repeating: 0xFF, count: 254) + [0x7F]
    let digits = Self.decimal(bytes)
    #expect(IntegerText(digits).map { encoder.integer($0) } == true)
    #expect(encoder.bytes == [0x80, 2, 0x8A, 255] + bytes)
    #expect(IntegerText("-" + digits).map { encoder.integer($0) } == true)
    #expect(IntegerText(Self.decimal(bytes + [1])).map { encoder.integer($0) } == false)
  }

  /// Returns the decimal digits of a number of bytes, lowest first.
  private static func decimal(_ bytes: [UInt8]) -> String {
    var digits: [Int] = []
    for byte in bytes.reversed() {
      var carry = Int(byte)
      for index in digits.indices {
        carry += digits[index] * 256
        digits[index] = carry % 10
        carry /= 10
      }
      while carry > 0 {
        digits.append(carry % 10)
        carry /= 10
      }
    }
    return digits.reversed().map(String.init).joined()
  }
}
