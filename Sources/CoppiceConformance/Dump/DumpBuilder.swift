import Coppice
import CoppiceDigest
import CoppiceModel
import Synchronization

/// A builder of the canonical description of a checkpoint, which all readers must agree on.
///
/// The schema is that of the suite's `expected.json`. Additions to it, such as the kinds of keys,
/// are members of `was` and `array`, which comparisons of the first version ignore.
struct DumpBuilder {
  /// The detail in which arrays and files are described.
  enum Content {
    /// Their digests.
    case elements
    /// Nothing: a listing, which notes each fault at its place.
    case listing
  }

  private let content: Content
  let monitor: OperationMonitor
  /// Receives each fault, which the description notes at its place; if `nil`, the first fault is
  /// thrown.
  private var onFault: (@Sendable (CoppiceError) -> Void)?

  /// The version of the description's additions.
  static let version = 1

  init(
    _ content: Content = .elements, monitor: OperationMonitor = OperationMonitor(),
    onFault: (@Sendable (CoppiceError) -> Void)? = nil
  ) {
    self.content = content
    self.monitor = monitor
    self.onFault = onFault
    if content == .listing, onFault == nil { self.onFault = { _ in } }
  }

  /// Describes a checkpoint or a run.
  ///
  /// - Parameters:
  ///   - select: Returns the contents to describe.
  ///   - warn: Receives the warnings of each checkpoint.
  /// - Throws: The errors of the sources and of `select`.
  func describe(
    _ input: CheckpointInput,
    select: (CheckpointContents) throws(CoppiceError) -> CheckpointContents = { $0 },
    warn: ([CoppiceError]) -> Void = { _ in }
  ) throws(CoppiceError) -> JSON {
    var members: [JSON.Member] = [.init("dumpVersion", .integer(Self.version))]
    switch input {
    case .checkpoint(let contents):
      members.append(.init("format", .string(contents.format)))
      members += try describe(try select(contents))
      warn(contents.allWarnings)
    case .steps(let steps):
      members.append(.init("format", .string(steps.format)))
      members += try describe(steps, select, warn)
    }
    return .object(members)
  }

  private func describe(
    _ steps: CheckpointRun,
    _ select: (CheckpointContents) throws(CoppiceError) -> CheckpointContents,
    _ warn: ([CoppiceError]) -> Void
  ) throws(CoppiceError) -> [JSON.Member] {
    var described: [JSON.Member] = []
    var latest: CheckpointRun.Step?
    for step in steps.steps {
      let directory = JSON.Member("dir", .string(step.name))
      do throws(CoppiceError) {
        let contents = try step.open()
        let members = try describe(try select(contents))
        warn(contents.allWarnings)
        described.append(.init(String(step.number), .object([directory] + members)))
        if try step.fault() == nil { latest = step }
      } catch {
        let fault = try self.fault(LeafFault(.damaged, error.located(file: step.name)))
        described.append(.init(String(step.number), .object([directory, fault])))
      }
    }
    var members: [JSON.Member] = [.init("steps", .object(described))]
    if let latest {
      members.append(.init("latestStep", .integer(latest.number)))
    }
    if let metadata = steps.rootMetadata { members.append(.init("rootMetadata", metadata)) }
    return members
  }

  private func describe(_ contents: CheckpointContents) throws(CoppiceError) -> [JSON.Member] {
    var members: [JSON.Member] = []
    switch contents.root {
    case .named(let items): members.append(.init("checkpointables", try describe(items)))
    case .unnamed(let item): members.append(.init("root", try describe(item)))
    }
    if let step = contents.step { members.append(.init("step", .integer(step))) }
    if let metrics = contents.metrics { members.append(.init("metrics", metrics)) }
    if let custom = contents.custom { members.append(.init("customMetadata", custom)) }
    if let time = contents.initTime {
      members.append(.init("initTimestampNsecs", .string(String(time.nanoseconds))))
    }
    if let time = contents.commitTime {
      members.append(.init("commitTimestampNsecs", .string(String(time.nanoseconds))))
    }
    return members
  }

  private func describe(_ items: [NamedCheckpointable]) throws(CoppiceError) -> JSON {
    var members: [JSON.Member] = []
    for item in items {
      do throws(CoppiceError) {
        let value = content == .listing ? try item.listed.value : try item.value
        members.append(.init(item.name, try describe(value)))
      } catch {
        let fault = try fault(LeafFault(.damaged, error.located(inCheckpointable: item.name)))
        members.append(.init(item.name, .object([fault])))
      }
    }
    return .object(members)
  }

  /// Describes a fault of stored data and reports it.
  ///
  /// - Throws: The fault, if the description ends at the first one.
  private func fault(_ fault: LeafFault) throws(CoppiceError) -> JSON.Member {
    guard let onFault, fault.error.isDamage else { throw fault.error }
    onFault(fault.error)
    return .init("fault", fault.json)
  }

  /// Describes a checkpointable.
  func describe(_ item: Checkpointable) throws(CoppiceError) -> JSON {
    switch item {
    case .tree(let tree):
      return .object([.init("kind", .string("tree")), .init("tree", try describe(tree))])
    case .json(let json):
      return .object([.init("kind", .string("json")), .init("value", json)])
    case .composite(let items):
      return .object([.init("kind", .string("composite")), .init("items", try describe(items))])
    case .files(let files):
      var members: [JSON.Member] = []
      for file in files { members.append(.init(file.path, try describe(file.bytes))) }
      return .object([.init("kind", .string("opaque")), .init("files", .object(members))])
    }
  }

  private func describe(_ bytes: any ByteSource) throws(CoppiceError) -> JSON {
    guard content == .elements else {
      return .object([.init("size", .integer(bytes.byteCount))])
    }
    var hash = SHA256()
    monitor.expect(bytes: bytes.byteCount)
    try bytes.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
      hash.update(piece)
      try monitor.advance(bytes: piece.byteCount)
    }
    return .object([
      .init("size", .integer(bytes.byteCount)),
      .init("sha256", .string(hash.finish())),
    ])
  }

  /// Reads the arrays on all processors, then builds the tree's description.
  func describe(_ tree: Tree<ArrayLeaf>) throws(CoppiceError) -> JSON {
    guard content == .elements else { return try list(tree) }
    let leaves = tree.leaves
    monitor.expect(bytes: leaves.reduce(0) { $0 + $1.leaf.byteCount })
    let found = Mutex([Result<JSON, CoppiceError>?](repeating: nil, count: leaves.count))
    try ParallelWork.run(count: leaves.count, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      let (path, leaf) = leaves[index]
      let description: Result<JSON, CoppiceError>
      do throws(CoppiceError) {
        description = .success(
          NodeDescription.array(try leaf.metadata, try ArrayDigest(of: leaf, monitor: monitor)))
      } catch {
        let error = error.located(treePath: path.description)
        guard onFault != nil, error.isDamage else { throw error }
        description = .failure(error)
      }
      found.withLock { $0[index] = description }
    }
    // Faults are reported in the order of the tree, whatever the order of reading.
    var descriptions: [JSON?] = []
    for ((_, leaf), description) in zip(leaves, found.withLock(\.self)) {
      switch description {
      case .success(let json)?: descriptions.append(json)
      case .failure(let error)?:
        let fault = LeafFault(leaf.fault?.kind ?? .damaged, error)
        descriptions.append(.object([try self.fault(fault)]))
      case nil: descriptions.append(nil)
      }
    }
    var next = 0
    let described = tree.replacingLeaves { _ in
      defer { next += 1 }
      return Tree<JSON>.leaf(descriptions[next] ?? .null)
    }
    return NodeDescription.describe(described)
  }

  /// Describes a tree by its document alone.
  private func list(_ tree: Tree<ArrayLeaf>) throws(CoppiceError) -> JSON {
    var descriptions: [JSON] = []
    for (_, leaf) in tree.leaves {
      descriptions.append(NodeDescription.array(try leaf.metadata, nil))
    }
    var next = 0
    let described = tree.replacingLeaves { _ in
      defer { next += 1 }
      return Tree<JSON>.leaf(descriptions[next])
    }
    return NodeDescription.describe(described)
  }
}
