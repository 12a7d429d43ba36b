package import CoppiceModel
import Crypto
import Synchronization

/// Builds the canonical description of a checkpoint: what any reader must find in it.
///
/// The schema is that of the conformance suite's `expected.json`. Additions to it, such as key kinds,
/// stand under `was` and inside `array`, where comparison of the first version doesn't look.
package struct DumpBuilder {
  let monitor: OperationMonitor

  /// The version of the description's additions.
  package static let version = 1

  package init(monitor: OperationMonitor = OperationMonitor()) { self.monitor = monitor }

  /// Describes whatever a path holds.
  ///
  /// - Parameter select: Takes the part of a checkpoint that is asked for.
  /// - Throws: What the sources and `select` throw.
  package func describe(
    _ input: CheckpointInput,
    select: (CheckpointContents) throws(CoppiceError) -> CheckpointContents = { $0 }
  ) throws(CoppiceError) -> JSON {
    var members: [JSON.Member] = [.init("dumpVersion", .integer(Self.version))]
    switch input {
    case .checkpoint(let contents):
      members.append(.init("format", .string(contents.format)))
      members += try describe(try select(contents))
    case .steps(let steps):
      members.append(.init("format", .string(steps.format)))
      members += try describe(steps, select)
    }
    return .object(members)
  }

  private func describe(
    _ steps: CheckpointSteps,
    _ select: (CheckpointContents) throws(CoppiceError) -> CheckpointContents
  ) throws(CoppiceError) -> [JSON.Member] {
    var described: [JSON.Member] = []
    for step in steps.steps {
      let contents = try describe(try select(try step.open()))
      described.append(
        .init(String(step.number), .object([.init("dir", .string(step.name))] + contents)))
    }
    var members: [JSON.Member] = [.init("steps", .object(described))]
    if let latest = steps.steps.last {
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
      members.append(.init("initTimestampNsecs", .string(String(time))))
    }
    if let time = contents.commitTime {
      members.append(.init("commitTimestampNsecs", .string(String(time))))
    }
    return members
  }

  private func describe(_ items: [NamedCheckpointable]) throws(CoppiceError) -> JSON {
    var members: [JSON.Member] = []
    for item in items { members.append(.init(item.name, try describe(item.value))) }
    return .object(members)
  }

  private func describe(_ item: Checkpointable) throws(CoppiceError) -> JSON {
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
    var hash = SHA256()
    monitor.expect(bytes: bytes.byteCount)
    try bytes.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
      unsafe piece.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
      try monitor.advance(bytes: piece.byteCount)
    }
    return .object([
      .init("size", .integer(bytes.byteCount)),
      .init("sha256", .string(ArrayDigest.hex(hash.finalize()))),
    ])
  }

  /// Arrays are read on all processors, then the tree is put together.
  private func describe(_ tree: Tree<ArrayLeaf>) throws(CoppiceError) -> JSON {
    let leaves = tree.leaves
    monitor.expect(bytes: leaves.reduce(0) { $0 + $1.leaf.source.byteCount })
    let found = Mutex([ArrayDigest?](repeating: nil, count: leaves.count))
    try ParallelWork.run(count: leaves.count, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      do throws(CoppiceError) {
        let digest = try ArrayDigest(of: leaves[index].leaf, monitor: monitor)
        found.withLock { $0[index] = digest }
      } catch {
        throw error.located(treePath: leaves[index].path.description)
      }
    }
    let digests = found.withLock { $0 }
    var next = 0
    let described = tree.mapLeaves { (_, leaf) in
      defer { next += 1 }
      return NodeDescription.array(leaf.metadata, digests[next])
    }
    return NodeDescription.describe(described)
  }
}
