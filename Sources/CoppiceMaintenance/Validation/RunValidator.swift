package import CoppiceFiles
import CoppiceFormat
package import CoppiceModel
import CoppiceStorage

/// A validator of runs: it checks the run's document, the steps' numbers, and each step.
///
/// Spec: VAL-10.
package enum RunValidator {
  /// Validates a run.
  ///
  /// - Returns: The findings; `nil` if the directory is no run.
  /// - Throws: `io.*` when the system fails, `operation.cancelled`.
  package static func run(
    _ directory: DirectoryHandle, level: ValidationLevel, limits: ReadLimits = .standard,
    hdf5: HDF5Access = .inProcess, monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) -> [Diagnostic]? {
    let listing = try StepListing(directory, limits: limits)
    guard listing.isRoot else { return nil }
    var found: [Diagnostic] = []
    if listing.isMarked {
      do {
        let document = try RunDocument(in: directory, limits: limits)
        found += document.warnings.map { Diagnostic(.warning, .document, $0) }
      } catch {
        guard error.code.isInputFault else { throw error }
        found.append(Diagnostic(.error, .document, error))
      }
    }
    found += listing.warnings.map { Diagnostic(.warning, .document, $0) }
    found += listing.duplicates.map { Diagnostic(.error, .document, $0) }
    for step in listing.steps {
      found += try Validator.run(
        try directory.checkpoint(step.name), level: level, limits: limits, hdf5: hdf5,
        monitor: monitor)
    }
    return found
  }
}
