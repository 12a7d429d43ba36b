import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import CoppiceStorage

/// What was found in a root of steps.
struct RunListing: Sendable {
  /// The steps whose names are read, in ascending order.
  var infos: [CheckpointInfo] = []
  /// The numbers of steps under names that aren't read: they are taken.
  var hidden: Set<Int> = []
  /// The metadata of the run: a JSON object.
  var metadata: JSON?
  /// Whether the root has a document of its own.
  var isMarked = false
  /// What was odd yet tolerated.
  var warnings: [CoppiceError] = []
  /// The steps of a root of another format, by number.
  var foreign: [Int: CheckpointRun.Step]?

  /// Nothing: an empty or missing directory.
  init() {}

  /// Steps of this format.
  ///
  /// - Throws: `directory.duplicate-step`; what is wrong with the run's own document; `io.*`.
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

  /// Steps of another format.
  package init(_ steps: CheckpointRun, names: StepNameFormat) {
    metadata = steps.rootMetadata
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

  /// The step with the greatest number of those that are not known to be faulty.
  var latest: CheckpointInfo? { infos.last { $0.fault == nil } }

  /// The step of a number.
  subscript(step: Int) -> CheckpointInfo? {
    let place = firstIndex(from: step)
    return place < infos.count && infos[place].step == step ? infos[place] : nil
  }

  /// Puts a step in its place, instead of one of the same number.
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
