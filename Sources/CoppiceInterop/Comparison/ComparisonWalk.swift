import Coppice
import CoppiceModel

/// A walk through two checkpoints at once, which reads no arrays.
///
/// It collects the differences of structure, and the arrays and files of both sides as jobs.
struct ComparisonWalk {
  /// A finding, in the order of the walk.
  enum Item: Sendable {
    case difference(Difference)
    /// The index of a job, which may find a difference.
    case job(Int)
  }

  let options: ComparisonOptions
  /// The number of the step, when whole runs are compared.
  private let prefix: String
  private(set) var items: [Item] = []
  private(set) var jobs: [ComparisonJob] = []
  /// The number of reported differences, including those beyond the limit.
  private(set) var reportedCount = 0
  /// The number of pairs that could not be compared.
  private(set) var notComparedCount = 0
  /// The first example of paired names, where one side is flat.
  var flattening: FlattenedNames?
  /// Whether any node was selected.
  var sawSelected = false

  init(options: ComparisonOptions, prefix: String = "") {
    self.options = options
    self.prefix = prefix
  }

  /// - Throws: `usage.tree-path` when the selection matches nothing.
  func checkSelection() throws(CoppiceError) {
    guard options.selection.isEmpty || sawSelected else {
      let patterns = options.selection.map { "\"\($0.pattern)\"" }.joined(separator: ", ")
      throw CoppiceError(.usageTreePath, "no path of either checkpoint matches \(patterns)")
    }
  }

  mutating func report(
    _ kind: Difference.Kind, _ place: Difference.Place, _ a: String?, _ b: String?
  ) {
    reportedCount += 1
    if reportedCount <= options.limit {
      items.append(.difference(Difference(kind, place, a: a, b: b)))
    }
  }

  /// Reports a pair that can't be compared, with the fault of either side or of both.
  mutating func reportNotCompared(
    _ place: Difference.Place, _ a: CoppiceError?, _ b: CoppiceError?
  ) {
    notComparedCount += 1
    guard notComparedCount <= options.limit else { return }
    items.append(
      .difference(
        Difference(
          .notCompared, place, a: a.map { "A: " + $0.description },
          b: b.map { "B: " + $0.description })))
  }

  mutating func reportOnly(inA: Bool, _ place: Difference.Place, _ text: String) {
    if inA { report(.onlyInA, place, text, nil) } else { report(.onlyInB, place, nil, text) }
  }

  mutating func reportMissing(_ what: String, isInA: Bool) {
    reportOnly(inA: isInA, .init(checkpointable: prefix), what)
  }

  mutating func add(_ pair: ComparisonJob.Pair, at place: Difference.Place) {
    items.append(.job(jobs.count))
    jobs.append(ComparisonJob(place: place, pair: pair))
  }

  // MARK: Checkpoints and checkpointables

  /// Compares two checkpoints.
  mutating func compare(
    _ a: CheckpointContents, _ b: CheckpointContents
  ) throws(CoppiceError) {
    let top = Difference.Place(checkpointable: prefix)
    switch (a.root, b.root) {
    case (.named(let x), .named(let y)): try compare(x, y, at: top)
    case (.unnamed(let x), .unnamed(let y)): try compare(x, y, at: top, TreePath())
    case (.unnamed(let x), .named):
      try compare(x, try Comparison.counterpart(in: b.root), at: top, TreePath())
    case (.named, .unnamed(let y)):
      try compare(try Comparison.counterpart(in: a.root), y, at: top, TreePath())
    }
    guard options.comparesMetadata else { return }
    compareOptional(a.step.map(JSON.integer), b.step.map(JSON.integer), at: top.inner("step"))
    compareOptional(a.metrics, b.metrics, at: top.inner("metrics"))
    compareOptional(a.custom, b.custom, at: top.inner("custom"))
  }

  private mutating func compare(
    _ a: [NamedCheckpointable], _ b: [NamedCheckpointable], at place: Difference.Place
  ) throws(CoppiceError) {
    for item in a {
      let inner = place.inner(item.name)
      if let other = b.first(where: { $0.name.utf8.elementsEqual(item.name.utf8) }) {
        try compare(item, other, at: inner)
      } else {
        try reportCheckpointable(item, inA: true, inner)
      }
    }
    for item in b where !a.contains(where: { $0.name.utf8.elementsEqual(item.name.utf8) }) {
      try reportCheckpointable(item, inA: false, place.inner(item.name))
    }
  }

  private mutating func compare(
    _ a: NamedCheckpointable, _ b: NamedCheckpointable, at place: Difference.Place
  ) throws(CoppiceError) {
    let (x, y) = (try Self.open(a), try Self.open(b))
    if case (.success(let x), .success(let y)) = (x, y) {
      try compare(x, y, at: place, TreePath())
    } else {
      reportNotCompared(place, x.fault, y.fault)
    }
  }

  /// Opens a checkpointable and returns its fault as a value, so that the comparison continues.
  private static func open(
    _ item: NamedCheckpointable
  ) throws(CoppiceError) -> Result<Checkpointable, CoppiceError> {
    do throws(CoppiceError) {
      return .success(try item.value)
    } catch {
      guard error.code.isInputFault else { throw error }
      return .failure(error)
    }
  }

  /// Reports a checkpointable that only one side has, and opens it for the summary.
  private mutating func reportCheckpointable(
    _ item: NamedCheckpointable, inA: Bool, _ place: Difference.Place
  ) throws(CoppiceError) {
    let summary: String
    switch try Self.open(item) {
    case .success(let value):
      if case .tree(let tree) = value, !selects(tree, at: TreePath()), !options.selection.isEmpty {
        return
      }
      if !options.selection.isEmpty, value.kind != .tree { return }
      summary = value.summary
    case .failure: summary = item.kindSummary + ", damaged"
    }
    reportOnly(inA: inA, place, summary)
  }

  /// Compares two checkpointables whose trees begin at `path`.
  mutating func compare(
    _ a: Checkpointable, _ b: Checkpointable, at place: Difference.Place, _ path: TreePath
  ) throws(CoppiceError) {
    switch (a, b) {
    case (.tree(let x), .tree(let y)):
      compare(x, y, at: path, in: place, isSelected: options.selection.isEmpty)
    case (.composite(let x), .composite(let y)): try compare(x, y, at: place)
    // Patterns select nodes of trees only.
    case _ where !options.selection.isEmpty: break
    case (.json(let x), .json(let y)): compare(x, y, at: place, pointer: "")
    case (.files(let x), .files(let y)): compareFiles(x, y, at: place)
    default: report(.kind, place, a.summary, b.summary)
    }
  }

  private mutating func compareFiles(
    _ a: [CheckpointFile], _ b: [CheckpointFile], at place: Difference.Place
  ) {
    for file in a {
      let inner = Difference.Place(checkpointable: place.checkpointable, path: file.path)
      guard let other = b.first(where: { $0.path.utf8.elementsEqual(file.path.utf8) }) else {
        reportOnly(inA: true, inner, "a file of \(file.bytes.byteCount) bytes")
        continue
      }
      if file.bytes.byteCount == other.bytes.byteCount {
        add(.files(file.bytes, other.bytes), at: inner)
      } else {
        report(
          .bytes, inner, "\(file.bytes.byteCount) bytes", "\(other.bytes.byteCount) bytes")
      }
    }
    for file in b where !a.contains(where: { $0.path.utf8.elementsEqual(file.path.utf8) }) {
      reportOnly(
        inA: false, .init(checkpointable: place.checkpointable, path: file.path),
        "a file of \(file.bytes.byteCount) bytes")
    }
  }
}

extension Result {
  /// The failure; `nil` for a success.
  fileprivate var fault: Failure? { if case .failure(let fault) = self { fault } else { nil } }
}
