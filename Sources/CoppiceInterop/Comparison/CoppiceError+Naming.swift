import Coppice
import CoppiceFiles
package import CoppiceModel
import SystemPackage

extension CoppiceError {
  /// Returns the error with the path of the checkpoint before its file.
  package func named(from path: String) -> CoppiceError {
    // A cancellation has no meaningful place, and an address isn't a place inside a checkpoint.
    guard code != .operationCancelled, code != .usageAddress else { return self }
    var error = self
    let file = location.file ?? path
    // A checkpoint that is a single file already names itself.
    let isWhole = FilePath(path).lastComponent?.string == file
    error.location.file = isWhole ? path : file.hasPrefix(path) ? file : path + "/" + file
    return error
  }
}

extension CheckpointAddress {
  /// Runs a closure, and adds to its error which checkpoint it is about.
  package func naming<Result>(
    _ body: () throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result {
    do throws(CoppiceError) {
      return try body()
    } catch {
      throw error.named(from: path.string)
    }
  }
}
