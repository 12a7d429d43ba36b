import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import SystemPackage

/// A plan that decides for each checkpointable of a damaged checkpoint what the repaired one
/// contains.
struct RepairPlan {
  private let source: DirectoryHandle
  let options: RepairOptions
  let monitor: OperationMonitor
  var report: RepairReport
  var output: RepairOutput
  private var features: Set<Feature> = []
  private var sawAll = true

  init(
    _ source: DirectoryHandle, options: RepairOptions, monitor: OperationMonitor,
    faults: [CoppiceError]
  ) {
    self.source = source
    self.options = options
    self.monitor = monitor
    report = RepairReport(faults: faults)
    output = RepairOutput(source)
  }

  mutating func note(_ kind: RepairReport.Note.Kind, _ place: String, _ message: String) {
    report.notes.append(.init(kind, place, message))
  }

  /// Makes the plan.
  ///
  /// - Returns: The root document of the result; `nil` if no result is possible.
  mutating func make() throws(CoppiceError) -> RootDocument? {
    let known = try readable { (plan) throws(CoppiceError) in
      try CheckpointReader.rootDocument(of: plan.source, limits: plan.options.limits)
    }
    if let warning = known?.warnings.first {
      throw CoppiceError(
        .repairNotRecoverable,
        "written by a newer program, whose additions would be lost; use that one",
        at: warning.location)
    }
    let entries: [NamedEntry]
    if let known {
      entries = try repair(known.checkpointables, in: source)
    } else {
      entries = try discoverRoot()
    }
    guard report.isRecoverable else { return nil }
    var root =
      known
      ?? RootDocument(
        requiredFeatures: [], checkpointables: [], writer: options.writing.writer + " (repair)")
    root.checkpointables = entries
    root.requiredFeatures = sawAll ? features : features.union(root.requiredFeatures)
    return root
  }

  /// Reads a document; returns `nil` if it is lost or damaged.
  func readable<Document>(
    _ read: (RepairPlan) throws(CoppiceError) -> Document
  ) throws(CoppiceError) -> Document? {
    do throws(CoppiceError) {
      return try read(self)
    } catch {
      guard error.code.isInputFault || error.code == .ioShortRead else { throw error }
      return nil
    }
  }

  private mutating func discoverRoot() throws(CoppiceError) -> [NamedEntry] {
    for entry in try source.entries() where entry.kind == .directory {
      guard try !source.subdirectory(entry.name).hasFile(RootDocument.fileName) else {
        throw CoppiceError(
          .repairNotRecoverable,
          "this is a directory of checkpoints; repair the damaged ones among them",
          at: .init(file: source.path.string))
      }
    }
    let entries = try discover(in: source, depth: 0)
    guard !entries.isEmpty else {
      throw CoppiceError(
        .repairNotRecoverable, "there is no directory with anything of a checkpoint in it",
        at: .init(file: source.path.string))
    }
    guard report.isRecoverable else { return [] }
    note(.rebuilt, RootDocument.fileName, "from the directories and what lies in them")
    note(
      .lost, RootDocument.fileName,
      "step, metrics, custom metadata, times and the writer's name, where it had them: "
        + "nothing else holds them")
    return entries
  }

  // MARK: Checkpointables that the root document lists

  private mutating func repair(
    _ entries: [NamedEntry], in directory: DirectoryHandle
  ) throws(CoppiceError) -> [NamedEntry] {
    var repaired: [NamedEntry] = []
    for entry in entries {
      let opened = try recovering { (_) throws(CoppiceError) in
        try CheckpointableReader.directory(of: entry, in: directory)
      }
      guard let opened else { continue }
      guard let inner = opened else {
        // A whole checkpointable may be missing: the result is valid without it.
        sawAll = false
        repaired.append(entry)
        let missing = CheckpointableReader.missing(entry, in: directory)
        note(.lost, missing.location.description, "the whole directory is not there")
        continue
      }
      output.addDirectory(inner.displayName(""))
      if let kept = try repair(entry.entry, in: inner) {
        repaired.append(NamedEntry(entry.name, kept))
      }
    }
    return repaired
  }

  private mutating func repair(
    _ entry: CheckpointableEntry, in directory: DirectoryHandle
  ) throws(CoppiceError) -> CheckpointableEntry? {
    switch entry {
    case .tree(let record):
      return try addTree(record, in: directory)
    case .json(let record):
      return try recovering { (plan) throws(CoppiceError) in
        let json = try CheckpointableReader.json(record, in: directory, limits: plan.options.limits)
        plan.add(json, in: directory)
        return entry
      }
    case .files(let records):
      for record in records {
        _ = try recovering { (plan) throws(CoppiceError) in
          let file = try CheckpointableReader.file(record, in: directory, verifies: true)
          try file.bytes.forEachPiece(ofAtMost: 4 << 20) { (_) throws(CoppiceError) in
            try plan.monitor.checkCancellation()
          }
          plan.output.add(directory.displayName(record.path))
        }
      }
      return entry
    case .composite(let entries):
      features.insert(.composite)
      return .composite(try repair(entries, in: directory))
    }
  }

  /// Runs the recovery of a checkpointable; a fault of its data is noted as unrecoverable.
  mutating func recovering<Result>(
    _ reason: String = "nothing else holds it",
    _ body: (inout RepairPlan) throws(CoppiceError) -> Result
  ) throws(CoppiceError) -> Result? {
    do throws(CoppiceError) {
      return try body(&self)
    } catch {
      guard error.code.isInputFault || error.code == .ioShortRead else { throw error }
      note(
        .unrecoverable, error.location.description,
        "\(reason): \(error.message) [\(error.code.rawValue)]")
      return nil
    }
  }

  // MARK: Checkpointables of any origin

  mutating func addTree(
    _ record: FileRecord?, in directory: DirectoryHandle
  ) throws(CoppiceError) -> CheckpointableEntry? {
    var tree = TreeRepair(self, record, in: directory)
    let result = try tree.run()
    self = tree.plan
    guard let result else { return nil }
    features.formUnion(result.features)
    return .tree(result.record)
  }

  /// Keeps the data document of a directory.
  mutating func add(_ json: JSON, in directory: DirectoryHandle) {
    if NonfiniteNumbers.occur(in: json) { features.insert(.jsonNonfinite) }
    output.add(directory.displayName(CheckpointableEntry.jsonFileName))
  }

  mutating func addFeature(_ feature: Feature) { features.insert(feature) }
}
