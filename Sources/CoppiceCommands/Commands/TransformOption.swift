import ArgumentParser
import Coppice
import CoppiceInterop
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

  /// Returns the changes in order.
  ///
  /// - Parameter opening: The options for opening checkpoints that a change merges.
  func steps(_ opening: OpenOptions) async throws(CoppiceError) -> [TreeTransform] {
    var steps: [TreeTransform] = []
    if !drop.isEmpty {
      var globs: [PathGlob] = []
      for pattern in drop { globs.append(try PathGlob(pattern)) }
      steps.append(.drop(globs))
    }
    guard let transform else { return steps }
    guard transform.hasPrefix("[") else {
      return steps + (try await TreeTransform.list(at: FilePath(transform), opening: opening))
    }
    do throws(CoppiceError) {
      return steps + (try await TreeTransform.list(parsing: transform, opening: opening))
    } catch {
      throw error.located(file: "--transform")
    }
  }
}
