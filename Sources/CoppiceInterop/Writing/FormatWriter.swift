package import CoppiceFiles
public import CoppiceModel
package import SystemPackage

/// A format that can be written: what it can say, and how a checkpoint becomes one of its own.
///
/// Adding a format takes a conformance in a file of its own, and one line in `FormatWriters`.
package protocol FormatWriter: Sendable {
  /// The format's name, as `--to` and reports spell it.
  var name: String { get }

  /// The name of the format that reads the result.
  var reader: String { get }

  /// What the format keeps exactly; all else is noted when it is met.
  var abilities: FormatAbilities { get }

  /// The choices of a conversion that mean something to the format.
  var choices: OutputChoices { get }

  /// Endings of a target's name that choose the format where none is named.
  var nameEndings: [String] { get }

  /// Whether the format's writer checks elements itself.
  var checksElements: Bool { get }

  /// Settles everything that can be settled without reading array data.
  ///
  /// - Throws: What the format can't hold at all; `usage.choice` where a part must be chosen.
  func plan(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> any OutputPlan

  /// The same for a step of a run, where that is laid out otherwise.
  func planStep(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> any OutputPlan

  /// How a run of steps is laid out; `nil` when the format has no runs.
  func planRun(
    rootMetadata: JSON?, options: OutputOptions
  ) throws(CoppiceError) -> RunPlan?
}

extension FormatWriter {
  /// Most formats are read under the name by which they are written.
  package var reader: String { name }

  /// Directories need no ending.
  package var nameEndings: [String] { [] }

  /// Most writers store what they are given.
  package var checksElements: Bool { false }

  /// Most formats have no other layout for steps.
  package func planStep(
    _ contents: CheckpointContents, options: OutputOptions
  ) throws(CoppiceError) -> any OutputPlan { try plan(contents, options: options) }

  /// A format of single files has no runs.
  package func planRun(
    rootMetadata: JSON?, options: OutputOptions
  ) throws(CoppiceError) -> RunPlan? { nil }
}

/// What one checkpoint becomes: decided, and not yet written.
package protocol OutputPlan: Sendable {
  /// Whether the result is one file or a directory.
  var kind: StagedOutput.Kind { get }

  /// The arrays that will be written, in the order of the tree.
  var leaves: [PlannedArray] { get }

  /// The files that will be written.
  var files: [PlannedFile] { get }

  /// What can't be carried over exactly.
  var notes: [ConversionNote] { get }

  /// Writes everything to an output that was just made, and puts it on stable storage where the
  /// options ask for that.
  ///
  /// - Throws: `operation.cancelled`, `io.*`, and what the sources throw.
  func write(to output: FilePath, monitor: OperationMonitor) throws(CoppiceError)
}

/// An array as it will be written.
public struct PlannedArray: Hashable, Sendable {
  /// The part that it belongs to; `nil` where that has no name.
  public var checkpointable: String?
  /// The path of its node, as listings print it.
  public var path: String
  /// The dtype that is written.
  public var dtype: DType
  /// The extents.
  public var shape: Shape

  /// The bytes of the elements.
  public var byteCount: Int { shape.elementCount * dtype.width }

  package init(checkpointable: String?, path: String, dtype: DType, shape: Shape) {
    self.checkpointable = checkpointable
    self.path = path
    self.dtype = dtype
    self.shape = shape
  }
}

extension PlannedArray {
  /// An array that is written as its source gives it, in a format without named parts.
  init(_ path: TreePath, _ source: any ArraySource) {
    self.init(checkpointable: nil, path: path.description, dtype: source.dtype, shape: source.shape)
  }
}

/// A file as it will be written.
public struct PlannedFile: Hashable, Sendable {
  /// The path inside the result; empty for a result that is one file.
  public var path: String
  /// The size, or the most that it can be where data are compressed on the way; `nil` where it isn't
  /// known yet.
  public var byteCount: Int?

  package init(_ path: String, byteCount: Int?) {
    self.path = path
    self.byteCount = byteCount
  }
}

/// How a run of steps is laid out.
package struct RunPlan: Sendable {
  /// A document beside the steps.
  package struct Document: Sendable {
    /// The path in the run's directory.
    package var path: String
    package var bytes: [UInt8]
  }

  /// Names a step's file or directory.
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
