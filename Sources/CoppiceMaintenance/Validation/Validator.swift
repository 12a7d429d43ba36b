package import CoppiceFiles
import CoppiceFormat
import CoppiceJSON
package import CoppiceModel
import CoppiceStorage
import SystemPackage

/// A validator of a checkpoint, which works level by level.
///
/// Spec: chapter 7.
package struct Validator {
  private let directory: DirectoryHandle
  private let level: ValidationLevel
  let limits: ReadLimits
  let hdf5: HDF5Access
  let monitor: OperationMonitor
  private(set) var diagnostics: [Diagnostic] = []
  /// The features that the checkpointables use; they are all known if `sawAll` is true.
  private var usedFeatures: Set<Feature> = []
  private var sawAll = true

  /// Validates a checkpoint.
  ///
  /// - Returns: The findings, in the order of the checks; empty for a valid checkpoint.
  /// - Throws: `io.*` when the system fails, `operation.cancelled`.
  package static func run(
    _ directory: DirectoryHandle, level: ValidationLevel, limits: ReadLimits = .standard,
    hdf5: HDF5Access = .inProcess, monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) -> [Diagnostic] {
    var validator = Validator(
      directory: directory, level: level, limits: limits, hdf5: hdf5, monitor: monitor)
    try validator.checkRoot()
    return validator.diagnostics
  }

  private init(
    directory: DirectoryHandle, level: ValidationLevel, limits: ReadLimits, hdf5: HDF5Access,
    monitor: OperationMonitor
  ) {
    self.directory = directory
    self.level = level
    self.limits = limits
    self.hdf5 = hdf5
    self.monitor = monitor
  }

  /// Returns whether a level was requested.
  func includes(_ level: ValidationLevel) -> Bool { self.level >= level }

  /// Reports the tolerated oddities of a document.
  mutating func report(_ warnings: [CoppiceError]) {
    for warning in warnings { report(warning, .document, .warning) }
  }

  mutating func report(
    _ fault: CoppiceError, _ level: ValidationLevel, _ severity: Diagnostic.Severity = .error
  ) {
    diagnostics.append(Diagnostic(severity, level, fault))
  }

  /// Runs a check; reports faults of the input, and throws faults of the system.
  mutating func check<Result>(
    _ level: ValidationLevel, _ body: (inout Validator) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result? {
    do throws(CoppiceError) {
      return try body(&self)
    } catch {
      guard error.code.isInputFault || error.code == .ioShortRead else { throw error }
      report(error, level)
      return nil
    }
  }

  private mutating func checkRoot() throws(CoppiceError) {
    let root = try check(.document) { (validator) throws(CoppiceError) in
      try CheckpointReader.rootDocument(of: validator.directory, limits: validator.limits)
    }
    guard let root else { return }
    report(root.warnings)
    usedFeatures = root.features
    try check(root.checkpointables, in: directory, isTopLevel: true)
    for fault in root.undeclared(usedFeatures) { report(fault, .document) }
    guard sawAll else { return }
    for fault in root.unused(usedFeatures) { report(fault, .document) }
  }

  private mutating func check(
    _ entries: [NamedEntry], in directory: DirectoryHandle, isTopLevel: Bool
  ) throws(CoppiceError) {
    let document = displayedRoot
    for fault in CheckpointableName.collisions(entries.map(\.name), isTopLevel: isTopLevel) {
      report(fault.located(file: document), .document)
    }
    var expected: Set<[UInt8]> = isTopLevel ? [Array(RootDocument.fileName.utf8)] : []
    for entry in entries {
      expected.insert(Array(CheckpointableName.directory(for: entry.name).utf8))
      let opened = try check(.document) { (_) throws(CoppiceError) -> DirectoryHandle? in
        try CheckpointableReader.directory(of: entry, in: directory)
      }
      switch opened {
      case .some(.some(let inner)): try check(entry.entry, in: inner)
      case .some(.none):
        sawAll = false
        report(CheckpointableReader.missing(entry, in: directory), .document, .warning)
      case .none: sawAll = false
      }
    }
    try checkUnknown(in: directory, expected: expected)
  }

  /// The root document's name in messages.
  private var displayedRoot: String { directory.displayName(RootDocument.fileName) }

  private mutating func check(
    _ entry: CheckpointableEntry, in directory: DirectoryHandle
  ) throws(CoppiceError) {
    switch entry {
    case .tree(let record):
      guard let features = try checkTree(record, in: directory) else {
        sawAll = false
        return
      }
      usedFeatures.formUnion(features)
    case .json(let record):
      let json = try check(.document) { (validator) throws(CoppiceError) in
        try CheckpointableReader.json(record, in: directory, limits: validator.limits)
      }
      if let json {
        if NonfiniteNumbers.occur(in: json) { usedFeatures.insert(.jsonNonfinite) }
      } else {
        sawAll = false
      }
      try checkUnknown(in: directory, expected: [Array(record.path.utf8)])
    case .files(let records): try checkFiles(records, in: directory)
    case .composite(let entries):
      try check(entries, in: directory, isTopLevel: false)
    }
  }
}
