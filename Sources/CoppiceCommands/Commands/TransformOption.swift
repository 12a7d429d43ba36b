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
      """
      Reverse the axes of matching arrays, or order them as AXES says, such as 2,0,1. May be given \
      several times.
      """, valueName: "glob[=axes]"))
  var transpose: [String] = []

  @Option(
    help: ArgumentHelp(
      "Changes to the tree: a JSON file, or the JSON list itself. May be given several times.",
      discussion: """
        The list holds changes, made in order after --select, --rename, --drop and --transpose:
        {"rename": "OLD", "to": "NEW"}, {"rename": {"OLD": "NEW", …}}
        {"nest": "PATH"}
        {"nest-by": ".", "lists": false, "in": ["GLOB", …]}
        {"flatten-by": ".", "in": ["GLOB", …]}
        {"drop": ["GLOB", …]}, {"keep": ["GLOB", …]}
        {"merge": "CHECKPOINT[:name]"}
        {"stack": ["layers_{0..11}"], "axis": 0, "into": "layers"}
        {"unstack": "layers", "axis": 0, "into": ["layers_{0..11}"]}
        {"join": ["q", "k", "v"], "axis": 1, "into": "qkv"}
        {"split": "qkv", "axis": 1, "extents": [64, 64, 64], "into": ["q", "k", "v"]}
        {"transpose": ["GLOB", …], "axes": [1, 0]}
        {"reshape": ["GLOB", …], "shape": [12, -1]}
        {"cast": ["GLOB", …], "dtype": "bfloat16", "mode": "rounding"}
        OLD may be a pattern, as for --rename; an object of renames makes them at once, so that names can be \
        swapped. nest-by splits keys such as a.b.c into levels, below the nodes in "in" or everywhere: \
        numbers stay text, unless "lists" is true and they are 0, 1, 2, … without a gap. flatten-by is the \
        inverse. Without axes, transpose reverses them. stack makes a new axis, join uses an existing one; both take arrays, or branches \
        of the same structure. {A..B} in a list of paths stands for the numbers from A to B. With \
        one path, "into" of unstack and split makes a list there.
        """,
      valueName: "file-or-list"),
    completion: .file())
  var transform: [String] = []

  /// Returns the changes in order.
  ///
  /// - Parameter opening: The options for opening checkpoints that a change merges.
  func steps(_ opening: OpenOptions) async throws(CoppiceError) -> [TreeTransform] {
    var steps: [TreeTransform] = []
    if !drop.isEmpty {
      var globs: [PathGlob] = []
      for pattern in drop { globs.append(try Self.pattern(pattern, "--drop")) }
      steps.append(.drop(globs))
    }
    for rule in transpose { steps.append(try Self.transposition(rule)) }
    for transform in transform { steps += try await Self.list(transform, opening) }
    return steps
  }

  /// Returns the changes of a list, or of a file with one.
  private static func list(
    _ text: String, _ opening: OpenOptions
  ) async throws(CoppiceError) -> [TreeTransform] {
    let start = text.first { !$0.isWhitespace }
    guard let start else {
      throw CoppiceError(.usageChoice, "--transform takes a JSON file or list, and got nothing")
    }
    guard start == "[" || start == "{" else {
      return try await TreeTransform.list(at: FilePath(text), opening: opening)
    }
    do throws(CoppiceError) {
      return try await TreeTransform.list(parsing: text, opening: opening)
    } catch {
      throw error.located(file: "--transform")
    }
  }

  /// Returns a pattern that selects nodes.
  ///
  /// - Throws: `usage.glob`, also for an empty pattern: it would be the whole tree, and is rather a variable of the
  ///   shell that isn't set.
  static func pattern(_ text: String, _ option: String) throws(CoppiceError) -> PathGlob {
    guard !text.isEmpty else {
      throw CoppiceError(
        .usageGlob, "the pattern of \(option) is empty; ** stands for everything")
    }
    return try PathGlob(text)
  }

  private static func transposition(_ rule: String) throws(CoppiceError) -> TreeTransform {
    // A name may contain a `=`, so only numbers after it are axes.
    if let sign = rule.lastIndex(of: "=") {
      let parts = rule[rule.index(after: sign)...].split(
        separator: ",", omittingEmptySubsequences: false)
      let axes = parts.compactMap { Int($0) }
      if axes.count == parts.count {
        return .transpose([try PathGlob(String(rule[..<sign]))], axes: axes)
      }
    }
    return .transpose([try PathGlob(rule)])
  }
}
