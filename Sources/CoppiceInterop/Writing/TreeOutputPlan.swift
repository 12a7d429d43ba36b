import CoppiceFiles
import CoppiceModel
import SystemPackage

/// A plan for a tree in a format of single files or sets of files; only array data are still
/// unread.
struct TreeOutputPlan: OutputPlan {
  let kind: StagedOutput.Kind
  let leaves: [PlannedArray]
  let files: [PlannedFile]
  let notes: [ConversionNote]

  typealias Body = @Sendable (FilePath, OperationMonitor) throws(CoppiceError) -> Void
  private let body: Body

  init(
    _ kind: StagedOutput.Kind, _ files: [PlannedFile], leaves: [PlannedArray],
    notes: [ConversionNote], writing body: @escaping Body
  ) {
    (self.kind, self.files, self.leaves) = (kind, files, leaves)
    (self.notes, self.body) = (notes, body)
  }

  /// Plans a result that is one file.
  ///
  /// - Parameter byteCount: The file's size, if it is known.
  init(
    fileOf byteCount: Int?, leaves: [PlannedArray], notes: [ConversionNote],
    writing body: @escaping Body
  ) {
    self.init(
      .file, [PlannedFile("", byteCount: byteCount)], leaves: leaves, notes: notes, writing: body)
  }

  func write(to output: FilePath, monitor: OperationMonitor) throws(CoppiceError) {
    monitor.expect(bytes: leaves.reduce(0) { $0 + $1.byteCount })
    try body(output, monitor)
  }
}
