import Coppice
import CoppiceFiles
import CoppiceJSON
import CoppiceModel
import CoppiceTestSupport
import SystemPackage
import Testing

/// No control character of a checkpoint, or of a name, reaches a terminal.
///
/// Spec: annex B, SEC-20.
struct EscapingTests {
  /// An end of line, a sequence that sets a window's title, one of one character, and three that turn
  /// text round.
  private static let evil = "a\nFAKE \u{1B}]0;x\u{7}\u{9B}31m\u{85}\u{7F}\u{202E}\u{2066}\u{200F}b"

  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try write("one", 1)
    try write("two \u{1B}[31m", 2)
  }

  /// A checkpoint with such texts in all places that have any.
  private func write(_ name: String, _ value: Float) throws {
    let evil = Self.evil
    let array = try NDArray([value])
    let random = try NDArray([UInt32(value)])
    let leaf = { (array: NDArray) in
      ArrayLeaf(
        array, sharding: Sharding(device: evil),
        prngImplementation: array.dtype == .uint32 ? evil : nil)
    }
    let tree = Tree<NDArray>.dict([
      .init(.string(evil), .leaf(array)),
      .init(.string("key"), .leaf(random)),
      .init(.string("text"), .value(.string(evil + "\(value)"))),
      .init(.string("record"), .record(.init(type: evil, fields: [.init(evil, .leaf(array))]))),
      .init(.string("empty"), .record(.init(type: evil, fields: []))),
    ])
    var contents = CheckpointContents(
      format: "memory",
      root: .named([
        .init(evil, .tree(tree.mapLeaves { leaf($1) })),
        .init("json " + evil, .json(.object([.init(evil, .string(evil + "\(value)"))]))),
      ]))
    contents.custom = .object([.init(evil, .string(evil))])
    contents.metrics = .object([.init(evil, .number("1"))])
    try CheckpointWriter.write(contents, to: directory(name))
  }

  private static let lines = [
    "info one", "info --json one", "ls one", "ls --long one", "ls --json one", "dump one",
    "dump --json one", "validate one", "validate 'EVIL'", "validate --json one", "diff one 'EVIL'",
    "diff --json one 'EVIL'", "convert --dry-run one out", "convert --dry-run --json one out",
    "convert one out.npz", "convert one out.safetensors", "convert one out.h5",
    "convert one out --to orbax", "convert --json one 'out EVIL'", "ls 'EVIL-none'",
    "ls 'EVIL:EVIL'", "info 'EVIL/EVIL'", "repair 'EVIL'", "repair --json 'EVIL'", "migrate 'EVIL'",
    "--EVIL", "ls --step 'EVIL' one", "convert --to 'EVIL' one out",
    "convert --shard 'EVIL=2' one out", "convert --chunk 'EVIL=2' --to orbax one out",
    "convert --cast 'EVIL=x' one o",
    "convert --select 'EVIL' one out", "convert --rename 'EVIL=x' one out",
    "convert --layout 'EVIL' --to orbax one out", "convert --compress 'EVIL' one out",
  ]

  @Test(.enabled(if: Tool.isBuilt), arguments: lines)
  func nothingUnprintableIsSaid(_ line: String) throws {
    let words = line.replacing("EVIL", with: "two \u{1B}[31m")
    let result = ShellCommand.script(
      "cd '\(directory.path.string)' && '\(Tool.path.string)' \(words) 2>&1")
    let found = result.output.unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: scalar != "\n"
      default: false
      }
    }
    #expect(found.isEmpty, "\(result.output.debugDescription)")
    #expect(!result.output.isEmpty)
    #expect(!result.output.contains("\nFAKE"), "\(result.output)")
  }

  @Test(.enabled(if: Tool.isBuilt), arguments: ["info --json one", "dump --json one"])
  func jsonMeansTheSame(_ line: String) throws {
    let result = ShellCommand.script(
      "cd '\(directory.path.string)' && '\(Tool.path.string)' \(line)")
    #expect(result.status == 0)
    #expect(result.output.contains(#"\u009b31m\u0085\u007f\u202e\u2066\u200f"#))
    let json = try JSONDocument(parsing: Array(result.output.utf8)).root.json
    #expect(json["customMetadata"]?[Self.evil] == .string(Self.evil))
  }
}
