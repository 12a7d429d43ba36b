import Coppice
import CoppiceInterop
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

/// The example of docs/examples.md that brings a state dictionary to Flax and back does what it says.
@Suite(.enabled(if: Tool.isBuilt)) struct ExampleTests {
  private struct Known: Decodable {
    var shape: [Int]
    var bytes: String
  }

  private static let fixtures = Specification.package.appending("Tests/Fixtures/GPT2")

  /// The section of the example, up to the next one.
  private static func section() throws -> String {
    let text = try Specification.text(of: Specification.package.appending("docs/examples.md"))
    let start = try #require(text.range(of: "**From PyTorch to Flax and back.**"))
    let rest = text[start.lowerBound...]
    let end = rest.range(of: "\n\n**")?.lowerBound ?? rest.endIndex
    return String(rest[..<end])
  }

  /// Each array by its path, with its shape and the hexadecimal digits of its bytes.
  private static func arrays(_ path: FilePath) async throws -> [String: String] {
    let tree = try await Checkpoint.load(from: path, opening: OpenOptions(formats: .all))
    return Dictionary(
      uniqueKeysWithValues: tree.leaves.map { place, array in
        let hex = array.withBytes { bytes in
          (0..<bytes.byteCount).map {
            let byte = bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
          }.joined()
        }
        return (place.description, "\(array.shape.dimensions) \(hex)")
      })
  }

  @Test func aStateDictionaryBecomesATreeOfFlaxAndComesBack() async throws {
    let section = try Self.section()
    let directory = try TemporaryDirectory()
    for match in section.matches(of: /`(to-[a-z]+\.json)`:\n\n```json\n((?:.|\n)*?)```/) {
      try String(match.2).write(
        toFile: directory.path.appending(String(match.1)).string, atomically: true, encoding: .utf8)
    }
    let commands = section.matches(of: /\$ coppice (.*)/).map { String($0.1) }
    try #require(commands.count == 2)
    for command in commands {
      let result = ShellCommand.script(
        "cd \(ShellCommand.quoted(directory.path.string)) && "
          + "[ -e gpt2.pt ] || cp \(ShellCommand.quoted(Self.fixtures.string))/gpt2.pt . && "
          + "\(ShellCommand.quoted(Tool.path.string)) \(command) 2>&1")
      #expect(result.status == 0, "\(command): \(result.output)")
    }
    let truth = try JSONDecoder().decode(
      [String: Known].self,
      from: Data(contentsOf: URL(filePath: Self.fixtures.appending("flax.json").string)))
    let flax = try await Self.arrays(directory.path.appending("flax_model.msgpack"))
    #expect(flax == truth.mapValues { "\($0.shape) \($0.bytes)" })
    // All but the tied weight comes back as it was.
    var original = try await Self.arrays(Self.fixtures.appending("gpt2.pt"))
    original["module.lm_head.weight"] = nil
    #expect(try await Self.arrays(directory.path.appending("back.safetensors")) == original)
  }
}
