public import Coppice
import CoppiceFiles
public import CoppiceModel

extension TreeTransform {
  /// The size limit of a file of changes.
  private static let maximumBytes = 16 << 20

  /// Reads a list of changes from JSON: objects that are applied in order.
  ///
  ///     [{"rename": "OLD", "to": "NEW"},
  ///      {"rename": {"OLD": "NEW", …}},
  ///      {"nest": "PATH"},
  ///      {"nest-by": ".", "lists": true, "in": ["GLOB", …]},
  ///      {"flatten-by": ".", "in": ["GLOB", …]},
  ///      {"drop": ["GLOB", …]},
  ///      {"keep": ["GLOB", …]},
  ///      {"merge": "CHECKPOINT[:name]"},
  ///      {"stack": ["layers_{0..11}"], "axis": 0, "into": "layers"},
  ///      {"unstack": "layers", "axis": 0, "into": ["layers_{0..11}"]},
  ///      {"join": ["q", "k", "v"], "axis": 1, "into": "qkv"},
  ///      {"split": "qkv", "axis": 1, "extents": [64, 64, 64], "into": ["q", "k", "v"]},
  ///      {"transpose": ["GLOB", …], "axes": [1, 0]},
  ///      {"reshape": ["GLOB", …], "shape": [12, -1]},
  ///      {"cast": ["GLOB", …], "dtype": "bfloat16", "mode": "rounding"}]
  ///
  /// An `OLD` with `*`, `?`, `[` or `{` is a pattern, and `{1}` in `NEW` stands for what its first wildcard
  /// matches (`TreeRenaming`). An object of renamings makes them at once, so that two names can be
  /// swapped. `lists`, `in`, `axes` and `mode` may be left out: see `TreeTransform`.
  ///
  /// In lists of paths, `{A..B}` stands for the numbers from A to B, with one path for each. If
  /// `into` is one path instead of a list, it becomes a list node. The axis defaults to 0.
  ///
  /// - Parameters:
  ///   - json: The list.
  ///   - opening: The options for opening checkpoints that a change merges.
  /// - Throws: `usage.choice` with the place in the document; `usage.glob`; the errors of opening a
  ///   checkpoint to merge.
  public static func list(
    parsing json: String, opening: OpenOptions = OpenOptions(formats: .all)
  ) async throws(CoppiceError) -> [TreeTransform] {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      try document(opening).steps(parsing: Array(json.utf8), file: nil)
    }
  }

  /// Reads a list of changes from a file of at most 16 MiB.
  ///
  /// - Throws: As for a text; `io.*`.
  public static func list(
    at path: FilePath, opening: OpenOptions = OpenOptions(formats: .all)
  ) async throws(CoppiceError) -> [TreeTransform] {
    try await BlockingWork.run(OperationMonitor()) { () throws(CoppiceError) in
      let bytes = try InputFile(opening: path).allBytes(limit: maximumBytes)
      return try document(opening).steps(parsing: bytes, file: path.string)
    }
  }

  private static func document(_ opening: OpenOptions) -> TransformDocument {
    TransformDocument { (text) throws(CoppiceError) in
      let address = CheckpointAddress(text)
      let place = CoppiceError.Location(file: address.path.string)
      guard
        case .checkpoint(let contents) = try CheckpointOpener.open(
          address.path, options: opening)
      else {
        throw CoppiceError(
          .usageChoice, "a run can't be merged; name the directory of one step", at: place)
      }
      let chosen = try TreeChoice.choose(from: try address.select(from: contents).root).value
      opening.warn(contents.allWarnings)
      guard case .tree(let tree) = chosen else {
        throw CoppiceError(.usageChoice, "only a tree can be merged", at: place)
      }
      return tree
    }
  }
}

extension TreeTransform {
  /// What a document calls the change.
  var verb: String {
    switch self {
    case .rename, .renameAll: "rename"
    case .nest: "nest"
    case .nestKeys: "nest-by"
    case .flattenKeys: "flatten-by"
    case .drop: "drop"
    case .keep: "keep"
    case .merge: "merge"
    case .stack: "stack"
    case .join: "join"
    case .unstack: "unstack"
    case .split: "split"
    case .cast: "cast"
    case .transpose: "transpose"
    case .reshape: "reshape"
    }
  }
}
