import Coppice
package import CoppiceModel
import Synchronization

/// The subject of a comparison: a whole checkpoint, or a node inside one.
package enum ComparisonSubject: Sendable {
  case checkpoint(CheckpointContents)
  /// One checkpointable, or the node of its tree at `path`.
  case node(Checkpointable, name: String, path: TreePath)
}

extension ComparisonSubject {
  /// Finds the subject at an address.
  ///
  /// - Throws: `usage.no-such-checkpointable`, `usage.tree-path`; the fault of the checkpointable.
  package init(
    _ address: CheckpointAddress, of contents: CheckpointContents
  ) throws(CoppiceError) {
    guard let node = try address.node(in: contents) else {
      self = .checkpoint(contents)
      return
    }
    self = .node(try node.item.value, name: node.name, path: node.path)
  }
}

/// The result of a comparison.
public struct ComparisonResult: Sendable {
  /// The differences, in the order of the trees, up to the options' limit.
  public var differences: [Difference] = []
  /// The number of all differences, not counting pairs that could not be compared.
  public var count = 0
  /// The number of nodes and checkpointables that could not be compared; `differences` lists them
  /// too.
  public var notComparedCount = 0
  /// The number of arrays and files whose bytes were compared, since both sides have them.
  public var arrayCount = 0
  /// The number of files whose bytes were compared.
  public var fileCount = 0

  /// The number of arrays whose elements differ.
  public var changedArrayCount = 0

  /// The sums of distances of all compared arrays, where norms are asked for.
  var sums: DistanceSums?

  /// The norms of the difference of all compared arrays together, where they are asked for.
  public var norms: DifferenceNorms? { sums.map(DifferenceNorms.init) }

  /// An example of paired names, where one side is flat and the other nested; the first of several.
  public var flattening: FlattenedNames?

  /// Whether everything that was compared is equal.
  public var isEqual: Bool { count == 0 }

  /// Makes the result of comparing nothing.
  public init() {}

  mutating func append(_ other: ComparisonResult, limit: Int) {
    differences.append(contentsOf: other.differences.prefix(max(limit - differences.count, 0)))
    count += other.count
    notComparedCount += other.notComparedCount
    arrayCount += other.arrayCount
    fileCount += other.fileCount
    changedArrayCount += other.changedArrayCount
    if let more = other.sums { sums = sums.map { $0.adding(more) } ?? more }
    flattening = flattening ?? other.flattening
  }
}

/// A comparison of two checkpoints of any formats: structure, values, dtypes, shapes and elements.
///
/// Elements of both sides are read in step, several arrays at once. Memory is limited to the pieces
/// and the readers' working memory, whatever the size of the checkpoints.
package enum Comparison {
  /// Compares two checkpoints, or nodes of them.
  ///
  /// - Parameters:
  ///   - names: The names of the two sides in errors.
  /// - Throws: The errors of reading, which name the side; `usage.*` when the subjects can't be
  ///   paired or the selection matches nothing; `operation.cancelled`.
  package static func run(
    _ a: ComparisonSubject, _ b: ComparisonSubject,
    options: ComparisonOptions = ComparisonOptions(), names: (a: String, b: String) = ("", ""),
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) -> ComparisonResult {
    var walk = ComparisonWalk(options: options)
    switch (a, b) {
    case (.checkpoint(let a), .checkpoint(let b)): try walk.compare(a, b)
    case (.node(let a, let name, let path), .node(let b, _, _)):
      try walk.compare(a, b, at: .init(checkpointable: name), path)
    case (.node(let a, let name, let path), .checkpoint(let b)):
      try walk.compare(a, try counterpart(in: b.root), at: .init(checkpointable: name), path)
    case (.checkpoint(let a), .node(let b, let name, let path)):
      try walk.compare(try counterpart(in: a.root), b, at: .init(checkpointable: name), path)
    }
    return try finish(walk, options, ComparisonNames(a: names.a, b: names.b), monitor)
  }

  /// Returns what a checkpointable without a name is compared with: the only one, of whatever kind, or else the tree
  /// that a load would choose.
  ///
  /// - Throws: As `TreeChoice.choose(from:)`.
  static func counterpart(
    in root: CheckpointContents.Root
  ) throws(CoppiceError) -> Checkpointable {
    if case .named(let items) = root, items.count == 1 { return try items[0].value }
    return try TreeChoice.choose(from: root).value
  }

  /// Compares what two addresses lead to in opened checkpoints.
  ///
  /// - Throws: As for two subjects.
  package static func run(
    _ left: CheckpointAddress, in a: CheckpointContents, _ right: CheckpointAddress,
    in b: CheckpointContents, options: ComparisonOptions, monitor: OperationMonitor
  ) throws(CoppiceError) -> ComparisonResult {
    let one = try left.naming { () throws(CoppiceError) in try ComparisonSubject(left, of: a) }
    let other = try right.naming { () throws(CoppiceError) in try ComparisonSubject(right, of: b) }
    return try run(
      one, other, options: options, names: (left.path.string, right.path.string), monitor: monitor)
  }

  /// Compares two runs, step by step.
  ///
  /// - Throws: As for two checkpoints.
  package static func run(
    _ a: CheckpointRun, _ b: CheckpointRun,
    options: ComparisonOptions = ComparisonOptions(), names: (a: String, b: String) = ("", ""),
    monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) -> ComparisonResult {
    var result = ComparisonResult()
    for number in Set((a.steps + b.steps).map(\.number)).sorted() {
      let left = a.steps.first { $0.number == number }
      let right = b.steps.first { $0.number == number }
      var walk = ComparisonWalk(options: options, prefix: String(number))
      if let left, let right {
        try walk.compare(try left.open(), try right.open())
      } else {
        walk.reportMissing("step", isInA: left != nil)
      }
      let found = try finish(walk, options, ComparisonNames(a: names.a, b: names.b), monitor)
      result.append(found, limit: options.limit)
    }
    return result
  }

  /// Compares the bytes that a walk has paired, and sorts all differences by the walk's order.
  private static func finish(
    _ walk: ComparisonWalk, _ options: ComparisonOptions, _ names: ComparisonNames,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) -> ComparisonResult {
    try walk.checkSelection()
    let jobs = walk.jobs
    monitor.expect(bytes: jobs.reduce(0) { $0 + $1.byteCount })
    let found = Mutex<[Int: Difference]>([:])
    let sums = Mutex([DistanceSums?](repeating: nil, count: jobs.count))
    try ParallelWork.run(count: jobs.count, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      let (difference, part) = try jobs[index].run(options, names, monitor)
      if let difference { found.withLock { $0[index] = difference } }
      if let part { sums.withLock { $0[index] = part } }
    }
    let differences = found.withLock { $0 }
    var result = ComparisonResult()
    result.arrayCount = jobs.count { $0.isOfArrays }
    result.fileCount = jobs.count - result.arrayCount
    result.changedArrayCount = differences.values.count { $0.kind == .elements }
    if options.measuresNorms {
      // In the order of the walk, so that the result is always the same.
      result.sums = sums.withLock { $0.reduce(DistanceSums()) { $1.map($0.adding) ?? $0 } }
    }
    result.count = walk.reportedCount + differences.count
    result.notComparedCount = walk.notComparedCount
    result.flattening = walk.flattening
    for item in walk.items where result.differences.count < options.limit {
      switch item {
      case .difference(let difference): result.differences.append(difference)
      case .job(let index):
        if let difference = differences[index] { result.differences.append(difference) }
      }
    }
    return result
  }
}
