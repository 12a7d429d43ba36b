import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

/// The Python that `make venv` installs, with the real library.
private let python = Specification.package.appending(".venv/bin/python").string

@Suite(.enabled(if: ShellCommand.run(python, "-c", "import safetensors").status == 0))
struct InteropTests {
  struct Found: Decodable {
    struct Tensor: Decodable {
      var dtype: String
      var shape: [Int]
      var hex: String
    }
    var error: String?
    var metadata: [String: String]?
    var tensors: [String: Tensor]?
  }

  /// The tensors that the real library finds in files.
  private func read(_ files: [FilePath]) throws -> [String: Found] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments =
      [Fixtures.directory.appending("check.py").string] + files.map(\.string)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return try JSONDecoder().decode([String: Found].self, from: output)
  }

  @Test func theRealLibraryReadsEveryTypeThatIsWritten() throws {
    var entries: [Tree<ArrayLeaf>.Entry] = []
    for dtype in DType.allCases {
      let bytes = (0..<(4 * dtype.width)).map { index in
        UInt8(truncatingIfNeeded: index * 37) & UInt8((1 << min(dtype.significantBits, 8)) - 1)
      }
      entries.append(.init(.string(dtype.rawValue), try leaf(dtype, [2, 2], bytes)))
    }
    let odd = "\"\\\u{0}\u{1}\n\u{7F}é☃🌳"
    entries.append(
      .init(
        .string(odd),
        .dict([.init(5, .list([try leaf(.float32, [0, 3], []), .value(.bool(true))]))])))
    var contents = contents(.dict(entries))
    contents.custom = .object([.init(odd, .string(odd)), .init("n", .number("1.5"))])
    let plan = try makePlan(contents)
    let directory = try TemporaryDirectory()
    let path = directory.path.appending("m.safetensors")
    try plan.write(to: path, durability: .buffered)

    let found = try #require(read([path])[path.string])
    #expect(found.error == nil)
    #expect(found.metadata == [odd: odd, "n": "1.5"])
    #expect(found.tensors?.count == plan.leaves.count)
    for leaf in plan.leaves {
      let tensor = try #require(found.tensors?[leaf.name], "\(leaf.name)")
      #expect(try tensor.hex == leaf.source.hex, "\(leaf.name)")
    }
    let types = Dictionary(
      uniqueKeysWithValues: (found.tensors ?? [:]).map {
        ($0.key, "\($0.value.dtype)\($0.value.shape)")
      })
    #expect(types["bfloat16"] == "BF16[2, 2]")
    #expect(types["float4_e2m1fn"] == "F4[2, 2]")
    #expect(types["float8_e4m3fn"] == "F8_E4M3[2, 2]")
    #expect(types["float8_e8m0fnu"] == "F8_E8M0[2, 2]")
    #expect(types["complex64"] == "C64[2, 2]")
    #expect(types["complex128"] == "F64[2, 2, 2]")
    #expect(types["int4"] == "I8[2, 2]")
    #expect(types["\(odd).5.0"] == "F32[0, 3]")
    #expect(types["\(odd).5.1"] == "BOOL[]")
  }

  @Test func theRealLibraryReadsEveryFileOfASet() throws {
    let contents = try open(Fixtures.directory.appending("types.safetensors"))
    var options = SafetensorsPlan.Options()
    options.maximumFileBytes = 64
    let plan = try makePlan(contents, options: options)
    let directory = try TemporaryDirectory()
    try plan.write(to: directory.path, durability: .durable)
    let found = try read(plan.files.map { directory.path.appending($0.name) })
    #expect(found.count == plan.files.count)
    #expect(found.values.allSatisfy { $0.error == nil && $0.metadata == ["made by": "make.py"] })
    #expect(found.values.reduce(0) { $0 + ($1.tensors?.count ?? 0) } == contents.entries.count)
    let again = try open(directory.path)
    #expect(again.warnings.isEmpty)
    #expect(again.entries.map(\.name).sorted() == contents.entries.map(\.name).sorted())
  }
}
