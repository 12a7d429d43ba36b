import ArgumentParser
import Coppice
import CoppiceInterop
import CoppiceModel

/// The values that shells offer after an option.
extension CompletionKind {
  static let formats = list(FormatWriters.all.map(\.name))

  static let layouts = list(Set(FormatWriters.all.flatMap(\.choices.layouts)).sorted())

  static let castModes = list(CastMode.allCases.map(\.rawValue))

  static let compressions = list(["none", "zstd"])

  /// Numbers of steps aren't offered: a run may be far away and have many.
  static let steps = list(["latest"])

  /// A pattern with each element type: `**` where none is written yet.
  static let casts = custom { _, _, prefix in
    // Shells pass the word as it is written, with its quotes.
    let word = prefix.filter { !"'\"\\".contains($0) }
    let glob = word.lastIndex(of: "=").map { word[..<$0] } ?? "**"
    return DType.allCases.map { "\(glob)=\($0.rawValue)" }
  }
}
