public import CoppiceModel

/// A format that can be written: its abilities, and the planning of output.
///
/// A conversion writes with a writer of your own: `ConversionOptions(to: OutputFormat(MyFormat()))`.
public protocol FormatWriter: Sendable {
  /// The format's name, as `--to` and reports spell it.
  var name: String { get }

  /// The features that the format keeps exactly; the plan notes all others that it meets.
  var abilities: FormatAbilities { get }

  /// Plans the output as far as possible without reading array data.
  ///
  /// - Throws: The format's errors for contents that it can't hold; `usage.choice` if a
  ///   checkpointable must be chosen.
  func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan
}

/// A format of the library, which a target's name may select, and which may have runs.
///
/// A new one has a file of its own, and a line in `FormatWriters.all`.
package protocol BuiltInFormatWriter: FormatWriter {
  /// The name of the format reader that reads the result.
  var reader: String { get }

  /// The endings of a target's name that select the format if `--to` isn't given.
  var nameEndings: [String] { get }

  /// Whether the format's writer checks elements itself.
  var checksElements: Bool { get }

  /// Whether the processes of a group divide the work, so that its plans have a divided output.
  var isDivided: Bool { get }

  /// Plans the output of a step of a run; its layout may differ from that of a single checkpoint.
  func planStep(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan

  /// Plans the layout of a run; returns `nil` if the format has no runs.
  func planRun(
    rootMetadata: JSON?, options: OutputOptions
  ) throws(CoppiceError) -> RunPlan?
}

extension BuiltInFormatWriter {
  /// The format's own name; most formats have one name for reading and writing.
  package var reader: String { name }

  /// No endings; formats of directories need none.
  package var nameEndings: [String] { [] }

  /// Whether the format's writer checks elements itself; most writers store elements unchecked.
  package var checksElements: Bool { false }

  /// Whether the processes of a group divide the work; a single file is written by one.
  package var isDivided: Bool { false }

  /// Plans the step like a single checkpoint; most formats have no other layout for steps.
  package func planStep(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> OutputPlan { try plan(contents, options: options) }

  /// Returns `nil`: a format of single files has no runs.
  package func planRun(
    rootMetadata: JSON?, options: OutputOptions
  ) throws(CoppiceError) -> RunPlan? { nil }
}

/// The layout of a run in a format.
package struct RunPlan: Sendable {
  /// A document beside the steps.
  package struct Document: Sendable {
    /// The path in the run's directory.
    package var path: String
    package var bytes: [UInt8]
  }

  /// The function that names the file or directory of a step.
  package var stepName: @Sendable (Int) -> String
  package var documents: [Document]
  package var notes: [ConversionNote]

  package init(
    documents: [Document] = [], notes: [ConversionNote] = [],
    stepName: @escaping @Sendable (Int) -> String = { String($0) }
  ) {
    self.stepName = stepName
    self.documents = documents
    self.notes = notes
  }
}
