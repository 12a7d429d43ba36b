public import Coppice
public import CoppiceModel
import Synchronization

extension Checkpoint {
  /// Returns the statistics of all arrays of a checkpoint, or of a node inside one.
  ///
  /// Each array is read once, piece by piece, several at once; memory doesn't grow with them. Arrays that
  /// are damaged or can't be represented have their faults in place of statistics.
  ///
  /// - Parameters:
  ///   - address: The checkpoint, or something inside: `PATH[:name[/tree/path]]`.
  ///   - step: The step of a run.
  ///   - options: Whether there are histograms and thumbnails, and the number of threads.
  ///   - opening: The formats to try, and the limits of reading.
  ///   - monitor: Reports the progress, and cancels.
  /// - Throws: `usage.choice` for a run without a step; `usage.no-such-checkpointable`,
  ///   `usage.no-such-step`, `usage.tree-path`; `io.*`; `operation.cancelled`.
  public static func statistics(
    of address: String, step: StepChoice? = nil, options: StatisticsOptions = StatisticsOptions(),
    opening: OpenOptions = OpenOptions(formats: .all),
    monitor: OperationMonitor = OperationMonitor()
  ) async throws(CoppiceError) -> CheckpointStatistics {
    try await BlockingWork.run(monitor) { () throws(CoppiceError) in
      let address = CheckpointAddress(address)
      let input = try CheckpointOpener.open(address.path, options: opening)
        .narrowed(to: step, opening)
      guard case .checkpoint(let contents) = input else {
        throw CoppiceError(
          .usageChoice, "this is a run; choose a step of it by `step`",
          at: .init(file: address.path.string))
      }
      var walk = StatisticsWalk()
      try walk.add(contents, at: address)
      let result = try walk.run(options, monitor)
      opening.warn(contents.allWarnings)
      return result
    }
  }
}

/// A walk through a checkpoint that collects its arrays.
private struct StatisticsWalk {
  private var entries: [CheckpointStatistics.Entry] = []
  private var sources: [(index: Int, source: any ArraySource)] = []

  mutating func add(
    _ contents: CheckpointContents, at address: CheckpointAddress
  ) throws(CoppiceError) {
    if let node = try address.node(in: contents) {
      // The place of a node is one string, which stays whole.
      return try add(node.item, [node.place].filter { !$0.isEmpty })
    }
    switch contents.root {
    case .unnamed(let item): try add(item, [])
    case .named(let items): for item in items { try add(item, [item.name]) }
    }
  }

  private mutating func add(
    _ item: NamedCheckpointable, _ components: [String]
  ) throws(CoppiceError) {
    do throws(CoppiceError) {
      try add(try item.value, components)
    } catch {
      guard error.isDamage else { throw error }
      let fault = LeafFault(.damaged, error.located(inCheckpointable: item.name))
      entries.append(.init(components: components, fault: fault))
    }
  }

  private mutating func add(
    _ item: Checkpointable, _ components: [String]
  ) throws(CoppiceError) {
    switch item {
    case .tree(let tree): add(tree, components)
    case .composite(let items):
      for item in items { try add(item, components + [item.name]) }
    case .json, .files: break
    }
  }

  private mutating func add(_ node: Tree<ArrayLeaf>, _ components: [String]) {
    guard case .leaf(let leaf) = node else {
      for child in node.children { add(child.node, components + [child.component.escaped]) }
      return
    }
    if let source = try? leaf.source { sources.append((entries.count, source)) }
    entries.append(
      .init(components: components, metadata: try? leaf.metadata, fault: leaf.fault))
  }

  /// Reads the arrays, several at once.
  consuming func run(
    _ options: StatisticsOptions, _ monitor: OperationMonitor
  ) throws(CoppiceError) -> CheckpointStatistics {
    let (entries, sources) = (entries, sources)
    let passes = options.histogramBins == nil ? 1 : 2
    monitor.expect(bytes: sources.reduce(0) { $0 + $1.source.byteCount * passes })
    let found = Mutex(entries)
    let width = min(options.threads ?? ParallelWork.streamCount, ParallelWork.streamCount)
    try ParallelWork.run(count: sources.count, width: width) { (index) throws(CoppiceError) in
      let (place, source) = sources[index]
      do throws(CoppiceError) {
        let statistics = try source.statistics(options, monitor: monitor)
        found.withLock { $0[place].statistics = statistics }
      } catch {
        guard error.code.isInputFault else { throw error }
        found.withLock { $0[place].fault = LeafFault(.damaged, error) }
      }
    }
    var result = CheckpointStatistics()
    result.entries = found.withLock(\.self)
    return result
  }
}
