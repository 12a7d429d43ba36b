import CoppiceFormat
package import CoppiceModel
import CoppiceStorage
package import FileAccess
import StrictJSON
import SystemPackage

/// Finds all that is wrong with a checkpoint, level by level.
///
/// Spec: chapter 7.
package struct Validator {
  private let directory: DirectoryHandle
  private let level: ValidationLevel
  let limits: ReadLimits
  let hdf5: HDF5Access
  let monitor: OperationMonitor
  private(set) var diagnostics: [Diagnostic] = []
  /// The features that the parts use, and whether all parts were there to be asked.
  private var usedFeatures: Set<Feature> = []
  private var sawAllParts = true

  /// Validates a checkpoint.
  ///
  /// - Returns: What was found, in the order in which it was found; empty for a valid checkpoint.
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

  /// Tells whether a level is asked for.
  func includes(_ level: ValidationLevel) -> Bool { self.level >= level }

  mutating func report(
    _ fault: CoppiceError, _ level: ValidationLevel, _ severity: Diagnostic.Severity = .error
  ) {
    diagnostics.append(Diagnostic(severity, level, fault))
  }

  /// Runs a check; what is wrong with the input is reported, what is wrong with the system thrown.
  mutating func check<Result>(
    _ level: ValidationLevel, _ body: (inout Validator) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result? {
    do throws(CoppiceError) {
      return try body(&self)
    } catch {
      guard error.code.blamesInput || error.code == .ioShortRead else { throw error }
      report(error, level)
      return nil
    }
  }

  private mutating func checkRoot() throws(CoppiceError) {
    let root = try check(.document) { (validator) throws(CoppiceError) in
      try CheckpointReader.rootDocument(of: validator.directory, limits: validator.limits)
    }
    guard let root else { return }
    try checkParts(root.checkpointables, in: directory, known: [RootDocument.fileName])
    guard includes(.structure) else { return }
    for feature in usedFeatures.subtracting(root.requiredFeatures).map(\.rawValue).sorted() {
      report(
        CoppiceError(
          .versioningUndeclaredFeature, "the checkpoint uses \"\(feature)\", but doesn't list it",
          at: .init(file: RootDocument.fileName, pointer: "/required_features")), .structure)
    }
    guard sawAllParts else { return }
    for feature in root.requiredFeatures.subtracting(usedFeatures).map(\.rawValue).sorted() {
      report(
        CoppiceError(
          .versioningUnusedFeature, "the checkpoint lists \"\(feature)\", but doesn't use it",
          at: .init(file: RootDocument.fileName, pointer: "/required_features")), .structure)
    }
  }

  private mutating func checkParts(
    _ entries: [NamedEntry], in directory: DirectoryHandle, known: [String]
  ) throws(CoppiceError) {
    var expected = Set(known.map { Array($0.utf8) })
    for entry in entries {
      let name = CheckpointableName.directory(for: entry.name)
      expected.insert(Array(name.utf8))
      let inner = try check(.structure) { (_) throws(CoppiceError) -> DirectoryHandle? in
        try directory.hasDirectory(name) ? try directory.subdirectory(name) : nil
      }
      guard let inner = inner ?? nil else {
        sawAllParts = false
        report(
          CoppiceError(
            .directoryMissingCheckpointable,
            "the checkpointable \"\(entry.name)\" is recorded, but its directory is not there",
            at: .init(file: directory.displayName(name))), .structure, .warning)
        continue
      }
      try checkPart(entry.entry, in: inner)
    }
    try checkUnknown(in: directory, expected: expected)
  }

  /// Names that no document mentions are tolerated, and said.
  mutating func checkUnknown(
    in directory: DirectoryHandle, expected: Set<[UInt8]>
  ) throws(CoppiceError) {
    guard includes(.structure) else { return }
    for entry in try directory.entries() where !expected.contains(Array(entry.name.utf8)) {
      report(
        CoppiceError(
          .directoryUnknownFile, "no document mentions this; it is ignored",
          at: .init(file: directory.displayName(entry.name))), .structure, .warning)
    }
  }

  private mutating func checkPart(
    _ entry: CheckpointableEntry, in directory: DirectoryHandle
  ) throws(CoppiceError) {
    switch entry {
    case .tree(let record):
      guard let features = try checkTree(record, in: directory) else {
        sawAllParts = false
        return
      }
      usedFeatures.formUnion(features)
    case .json(let record):
      let json = try check(.document) { (validator) throws(CoppiceError) in
        let bytes = try TreeReader.document(record, in: directory, limits: validator.limits)
        let document = try JSONDocument(
          parsing: bytes, file: directory.displayName(record.path), dialect: .python,
          limits: validator.limits)
        try document.requireCanonical()
        return document.root.json
      }
      if let json, NonfiniteNumbers.occur(in: json) { usedFeatures.insert(.jsonNonfinite) }
      try checkUnknown(in: directory, expected: [Array(record.path.utf8)])
    case .files(let records): try checkFiles(records, in: directory)
    case .composite(let entries):
      usedFeatures.insert(.composite)
      try checkParts(entries, in: directory, known: [])
    }
  }

  private mutating func checkFiles(
    _ records: [FileRecord], in directory: DirectoryHandle
  ) throws(CoppiceError) {
    guard includes(.structure) else { return }
    for record in records {
      _ = try check(.structure) { (validator) throws(CoppiceError) in
        let file = try CheckpointReader.file(record, in: directory, ReadOptions())
        guard validator.includes(.data) else { return }
        try file.bytes.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
          try validator.monitor.advance(bytes: piece.byteCount)
        }
      }
    }
    let expected = Set(records.map { Array($0.path.utf8) })
    for path in try directory.allFiles() where !expected.contains(Array(path.utf8)) {
      report(
        CoppiceError(
          .directoryUnknownFile, "no document mentions this; it is ignored",
          at: .init(file: directory.displayName(path))), .structure, .warning)
    }
  }
}
