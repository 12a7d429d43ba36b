import CoppiceFiles
package import CoppiceModel
import CoppiceZip
package import SystemPackage

extension PyTorchPlan {
  /// Writes the file, several storages at once.
  ///
  /// The caller stages the output, so that an incomplete file never has the final name.
  ///
  /// - Parameter isThere: Whether the file already exists, empty, created by the caller.
  /// - Throws: The errors of the arrays' sources; `operation.cancelled`; `io.*`.
  package func write(
    to path: FilePath, thatExists isThere: Bool = false, durability: Durability,
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) {
    try layout.write(
      contents, to: try OutputFile(at: path, creating: !isThere), durability: durability,
      monitor: monitor)
  }
}
