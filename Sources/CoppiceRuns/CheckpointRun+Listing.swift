import CoppiceFiles
public import CoppiceModel
import Synchronization
import SystemPackage

extension CheckpointRun {
  /// Returns the description of each step, in the order of `steps`: times, metrics, and the fault
  /// where there is one.
  ///
  /// Only root documents are read, on all processors.
  ///
  /// - Throws: `io.*`.
  public func checkpoints() throws(CoppiceError) -> [CheckpointInfo] {
    let faults = try faults()
    let found = Mutex([CheckpointInfo?](repeating: nil, count: steps.count))
    try ParallelWork.run(count: steps.count) { (index) throws(CoppiceError) in
      let step = steps[index]
      let metadata: StepMetadata?
      do throws(CoppiceError) {
        metadata = StepMetadata(try step.open())
      } catch {
        guard error.code.isInputFault else { throw error }
        metadata = nil
      }
      let info = CheckpointInfo(
        step: step.number, name: step.name, record: StepRecord(metadata, fault: faults[index]))
      found.withLock { $0[index] = info }
    }
    return found.withLock { $0.compactMap(\.self) }
  }

  /// Returns the number of bytes of the files of each step, in the order of `steps`.
  ///
  /// - Returns: `nil` for each step of a run that wasn't opened from a path.
  /// - Throws: `io.*`.
  public func byteCounts() throws(CoppiceError) -> [Int?] {
    guard let sourcePath else { return steps.map { _ in nil } }
    let directory = try DirectoryHandle(opening: FilePath(sourcePath))
    let found = Mutex([Int?](repeating: nil, count: steps.count))
    try ParallelWork.run(count: steps.count) { (index) throws(CoppiceError) in
      let count = try directory.byteCount(below: steps[index].name)
      found.withLock { $0[index] = count }
    }
    return found.withLock(\.self)
  }
}
