import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import CoppiceStorage

/// The contents of a run, without the trees of its steps.
struct RunListing: Sendable {
  /// The steps whose names `CheckpointerOptions.stepNames` accepts, in ascending order.
  var infos: [CheckpointInfo] = []
  /// The numbers of steps whose names aren't accepted; no new step may have them.
  var hidden: Set<Int> = []
  /// The metadata of the run: a JSON object.
  var metadata: JSON?
  /// Whether the run has a document of its own.
  var isMarked = false
  /// The oddities that were tolerated.
  var warnings: [CoppiceError] = []
  /// The steps of a run of another format, by number.
  var foreign: [Int: CheckpointRun.Step]?
  /// The name of the run's format, if it is another one.
  var foreignFormat: String?

  /// Makes the listing of an empty or missing directory.
  init() {}

  /// Makes the listing of a run of Coppice's format.
  ///
  /// - Throws: `directory.duplicate-step`; the faults of the run's document; `io.*`.
  init(
    _ listing: StepListing, in directory: DirectoryHandle, names: StepNameFormat, limits: ReadLimits
  ) throws(CoppiceError) {
    isMarked = listing.isMarked
    if isMarked {
      let document = try RunDocument(in: directory, limits: limits)
      metadata = document.metadata
      warnings += document.warnings
    }
    warnings += listing.warnings
    for step in listing.steps {
      if names.accepts(step.number, named: step.name) {
        infos.append(CheckpointInfo(step))
      } else {
        hidden.insert(step.number)
      }
    }
    if let (first, next) = zip(infos, infos.dropFirst()).first(where: { $0.step == $1.step }) {
      throw CoppiceError(
        .directoryDuplicateStep,
        "\"\(first.name)\" and \"\(next.name)\" are both step \(next.step)",
        at: .init(file: next.name))
    }
  }

  /// Makes the listing of a run of another format.
  package init(_ steps: CheckpointRun, names: StepNameFormat) {
    metadata = steps.rootMetadata
    foreignFormat = steps.format
    warnings = steps.warnings
    var opened: [Int: CheckpointRun.Step] = [:]
    for step in steps.steps where names.accepts(step.number, named: step.name) {
      guard opened.updateValue(step, forKey: step.number) == nil else { continue }
      let record = StepRecord { () throws(CoppiceError) in
        (StepMetadata(try step.open()), try step.fault())
      }
      infos.append(CheckpointInfo(step: step.number, name: step.name, record: record))
    }
    foreign = opened
  }

  /// The step with the greatest number among those not known to be faulty.
  var latest: CheckpointInfo? { infos.last { $0.fault == nil } }

  /// Accesses the step with a number.
  subscript(step: Int) -> CheckpointInfo? {
    let place = firstIndex(from: step)
    return place < infos.count && infos[place].step == step ? infos[place] : nil
  }

  /// Inserts a step in order, replacing one with the same number.
  mutating func insert(_ info: CheckpointInfo) {
    remove(info.step)
    infos.insert(info, at: firstIndex(from: info.step))
  }

  mutating func remove(_ step: Int) { infos.removeAll { $0.step == step } }

  private func firstIndex(from step: Int) -> Int {
    var (low, high) = (0, infos.count)
    while low < high {
      let middle = (low + high) / 2
      if infos[middle].step < step { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension CheckpointInfo {
  init(_ step: StepListing.Step) {
    let record = StepRecord(step.document.map(StepMetadata.init), fault: step.fault)
    self.init(step: step.number, name: step.name, record: record)
  }
}

extension StepMetadata {
  init(_ document: RootDocument) {
    self.init(
      metrics: document.metrics, custom: document.custom,
      initTime: document.initTime, commitTime: document.commitTime)
  }

  init(_ contents: CheckpointContents) {
    self.init(
      metrics: contents.metrics, custom: contents.custom, initTime: contents.initTime,
      commitTime: contents.commitTime)
  }
}
