import Coppice
import CoppiceModel
import Synchronization

/// A run: its steps with times, sizes and metrics.
struct RunSection: ReportSection {
  let name = "run"
  let faults: [CoppiceError]

  private let run: CheckpointRun
  private let steps: [JSON]

  /// Opens the documents of each step, several at once.
  ///
  /// - Throws: `io.*`.
  init(of run: CheckpointRun) throws(CoppiceError) {
    self.run = run
    let known = try run.faults()
    let found = Mutex([(step: JSON, fault: CoppiceError?)?](repeating: nil, count: known.count))
    try ParallelWork.run(count: known.count) { (index) throws(CoppiceError) in
      let described = try Self.describe(run.steps[index], known[index])
      found.withLock { $0[index] = described }
    }
    let described = found.withLock { $0.compactMap(\.self) }
    steps = described.map(\.step)
    faults = described.compactMap(\.fault)
  }

  private static func describe(
    _ step: CheckpointRun.Step, _ known: CoppiceError?
  ) throws(CoppiceError) -> (step: JSON, fault: CoppiceError?) {
    var members: [JSON.Member] = [.init("number", .integer(step.number))]
    var fault = known
    do throws(CoppiceError) {
      let contents = try step.open()
      if let time = contents.commitTime {
        members.append(.init("committed", .string(time.shortText)))
      }
      if let metrics = contents.metrics { members.append(.init("metrics", metrics.forScript)) }
      var sums = (arrays: 0, bytes: 0)
      switch contents.root {
      case .unnamed(let item): try add(item, to: &sums)
      case .named(let items): for item in items { try add(try item.value, to: &sums) }
      }
      members.append(.init("arrays", .integer(sums.arrays)))
      members.append(.init("bytes", .integer(sums.bytes)))
    } catch {
      guard error.code.isInputFault else { throw error }
      fault = known ?? error.located(file: step.name)
    }
    if let fault { members.append(.init("fault", .string(fault.message))) }
    return (.object(members), fault)
  }

  private static func add(
    _ item: Checkpointable, to sums: inout (arrays: Int, bytes: Int)
  ) throws(CoppiceError) {
    switch item {
    case .tree(let tree):
      tree.forEachLeaf { leaf in
        guard let metadata = try? leaf.metadata else { return }
        sums.arrays += 1
        sums.bytes += metadata.shape.byteCount(of: metadata.dtype) ?? 0
      }
    case .json: break
    case .files(let files): sums.bytes += files.reduce(0) { $0 + $1.bytes.byteCount }
    case .composite(let items): for item in items { try add(try item.value, to: &sums) }
    }
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("format", .string(run.format)), .init("steps", .array(steps)),
    ]
    if let metadata = run.rootMetadata { members.append(.init("metadata", metadata.forScript)) }
    return .object(members)
  }
}
