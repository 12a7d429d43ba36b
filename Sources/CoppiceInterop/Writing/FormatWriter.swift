package import CoppiceFiles
public import CoppiceModel
package import SystemPackage

/// A writer of a format: its abilities, and the planning of output in the format.
///
/// Adding a format takes a conformance in a file of its own, and one line in `FormatWriters`.
package protocol FormatWriter: Sendable {
  /// The format's name, as `--to` and reports spell it.
  var name: String { get }

  /// The name of the format reader that reads the result.
  var reader: String { get }

  /// The features that the format keeps exactly; the plan notes all others that it meets.
  var abilities: FormatAbilities { get }

  /// The choices of a conversion that apply to the format.
  var choices: OutputChoices { get }

  /// The endings of a target's name that select the format if `--to` isn't given.
  var nameEndings: [String] { get }

  /// Whether the format's writer checks elements itself.
  var checksElements: Bool { get }

  /// Plans the output as far as possible without reading array data.
  ///
  /// - Throws: The format's errors for contents that it can't hold; `usage.choice` if a
  ///   checkpointable must be chosen.
  func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> any OutputPlan

  /// Plans the output of a step of a run; its layout may differ from that of a single checkpoint.
  func planStep(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> any OutputPlan

  /// Plans the layout of a run; returns `nil` if the format has no runs.
  func planRun(
    rootMetadata: JSON?, options: OutputOptions
  ) throws(CoppiceError) -> RunPlan?
}

extension FormatWriter {
  /// The format's own name; most formats have one name for reading and writing.
  package var reader: String { name }

  /// No endings; formats of directories need none.
  package var nameEndings: [String] { [] }

  /// Whether the format's writer checks elements itself; most writers store elements unchecked.
  package var checksElements: Bool { false }

  /// Plans the step like a single checkpoint; most formats have no other layout for steps.
  package func planStep(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> any OutputPlan { try plan(contents, options: options) }

  /// Returns `nil`: a format of single files has no runs.
  package func planRun(
    rootMetadata: JSON?, options: OutputOptions
  ) throws(CoppiceError) -> RunPlan? { nil }
}

/// A plan for the output of one checkpoint, before anything is written.
package protocol OutputPlan: Sendable {
  /// The kind of the result: a file or a directory.
  var kind: StagedOutput.Kind { get }

  /// The arrays that will be written, in the order of the tree.
  var leaves: [PlannedArray] { get }

  /// The files that will be written.
  var files: [PlannedFile] { get }

  /// The notes about everything that can't be carried over exactly.
  var notes: [ConversionNote] { get }

  /// Writes everything to an output that was just created.
  ///
  /// The output is put on stable storage if the options ask for that.
  ///
  /// - Throws: `operation.cancelled`, `io.*`, and the errors of the sources.
  func write(to output: FilePath, monitor: OperationMonitor) throws(CoppiceError)
}

/// An array in a plan, as it will be written.
public struct PlannedArray: Hashable, Sendable {
  /// The checkpointable of the array; `nil` if it has no name.
  public var checkpointable: String?
  /// The path of the array's node, as listings print it.
  public var path: String
  /// The dtype in the output.
  public var dtype: DType
  /// The shape in the output.
  public var shape: Shape

  /// The number of bytes of the elements.
  public var byteCount: Int { shape.elementCount * dtype.width }

  package init(checkpointable: String?, path: String, dtype: DType, shape: Shape) {
    self.checkpointable = checkpointable
    self.path = path
    self.dtype = dtype
    self.shape = shape
  }
}

extension PlannedArray {
  /// Makes an array that is written unchanged, in a format without named checkpointables.
  init(_ path: TreePath, _ source: any ArraySource) {
    self.init(checkpointable: nil, path: path.description, dtype: source.dtype, shape: source.shape)
  }
}

/// A file in a plan, as it will be written.
public struct PlannedFile: Hashable, Sendable {
  /// The path inside the result; empty if the result is one file.
  public var path: String
  /// The size, or an upper limit if data are compressed; `nil` if it isn't known yet.
  public var byteCount: Int?

  package init(_ path: String, byteCount: Int?) {
    self.path = path
    self.byteCount = byteCount
  }
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
