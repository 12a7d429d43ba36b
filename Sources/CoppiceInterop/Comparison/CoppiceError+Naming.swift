import CoppiceFiles
package import CoppiceModel
import SystemPackage

extension CoppiceError {
  /// The same error with its file named from the path of the checkpoint that it is about.
  package func named(from path: String) -> CoppiceError {
    // Where an operation was cancelled says nothing, and an address is no place inside a checkpoint.
    guard code != .operationCancelled, code != .usageAddress else { return self }
    var error = self
    let file = location.file ?? path
    // A checkpoint that is one file gives its own name.
    let isWhole = FilePath(path).lastComponent?.string == file
    error.location.file = isWhole ? path : file.hasPrefix(path) ? file : path + "/" + file
    return error
  }
}
