import CoppiceFiles
import CoppiceModel
import SystemPackage

/// A tree of arrays as a format of files writes it, with everything settled but the data.
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
  /// - Parameter byteCount: The file's size, where it is known.
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
