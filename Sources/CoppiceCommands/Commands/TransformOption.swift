import ArgumentParser
import Coppice
import CoppiceFiles
import CoppiceInterop
import CoppiceModel
import SystemPackage

/// The options that change trees during a conversion.
struct TransformOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Leave out nodes whose path matches. May be given several times.", valueName: "glob"))
  var drop: [String] = []

  @Option(
    help: ArgumentHelp(
      "Changes to the tree: a JSON file, or the JSON list itself.",
      discussion: """
        The list holds changes, made in order after --select, --rename and --drop:
        {"rename": "OLD", "to": "NEW"}
        {"nest": "PATH"}
        {"drop": ["GLOB", …]}, {"keep": ["GLOB", …]}
        {"merge": "CHECKPOINT[:name]"}
        {"stack": ["layers_{0..11}"], "axis": 0, "into": "layers"}
        {"unstack": "layers", "axis": 0, "into": ["layers_{0..11}"]}
        {"join": ["q", "k", "v"], "axis": 1, "into": "qkv"}
        {"split": "qkv", "axis": 1, "extents": [64, 64, 64], "into": ["q", "k", "v"]}
        {"cast": ["GLOB", …], "dtype": "bfloat16", "mode": "rounding"}
        stack makes a new axis, join uses an existing one; both take arrays, or branches \
        of the same structure. {A..B} in a list of paths stands for the numbers from A to B. With \
        one path, "into" of unstack and split makes a list there.
        """,
      valueName: "file-or-list"),
    completion: .file())
  var transform: String?

  /// The size limit of a file of changes.
  private static let maximumBytes = 16 << 20

  /// Returns the changes in order.
  ///
  /// - Parameter opening: The options for opening checkpoints that a change merges.
  func steps(_ opening: OpeningOptions) throws(CoppiceError) -> [TreeTransform] {
    var steps: [TreeTransform] = []
    if !drop.isEmpty {
      var globs: [PathGlob] = []
      for pattern in drop { globs.append(try PathGlob(pattern)) }
      steps.append(.drop(globs))
    }
    guard let transform else { return steps }
    let document = TransformDocument { (text) throws(CoppiceError) in
      try Self.tree(of: CheckpointAddress(text), opening)
    }
    if transform.hasPrefix("[") {
      return steps + (try document.steps(parsing: Array(transform.utf8), file: "--transform"))
    }
    let file = try InputFile(opening: FilePath(transform))
    return steps
      + (try document.steps(
        parsing: try file.allBytes(limit: Self.maximumBytes), file: transform))
  }

  private static func tree(
    of address: CheckpointAddress, _ opening: OpeningOptions
  ) throws(CoppiceError) -> Tree<ArrayLeaf> {
    guard case .checkpoint(let contents) = try opening.open(address) else {
      throw CoppiceError(
        .usageChoice, "a run of steps can't be merged; name the directory of one step",
        at: .init(file: address.path.string))
    }
    let chosen = try address.select(from: contents)
    let part = try TreeChoice.choose(from: chosen.root).value
    Warnings.print(contents.allWarnings)
    guard case .tree(let tree) = part else {
      throw CoppiceError(
        .usageChoice, "only a tree can be merged", at: .init(file: address.path.string))
    }
    return tree
  }
}
