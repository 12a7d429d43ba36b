import ArgumentParser
import Coppice
import CoppiceInterop

/// The values that shells suggest after an option.
extension CompletionKind {
  static let formats = list(OutputFormat.all.map(\.name))

  static let layouts = list(Set(OutputFormat.all.flatMap(\.abilities.layouts)).sorted())

  static let castModes = list(CastMode.allCases.map(\.rawValue))

  static let compressions = list(["gzip", "none", "zstd"])

  /// Step numbers aren't suggested: a run may be slow to list and have many steps.
  static let steps = list(["latest"])

  /// The typed pattern with each dtype, or `**` if there is no pattern yet.
  static let casts = custom { _, _, prefix in
    // Shells pass the word as typed, with its quotes.
    let word = prefix.filter { !"'\"\\".contains($0) }
    let glob = word.lastIndex(of: "=").map { word[..<$0] } ?? "**"
    return DType.allCases.map { "\(glob)=\($0.rawValue)" }
  }
}
