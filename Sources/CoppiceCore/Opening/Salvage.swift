import CoppiceFiles
public import CoppiceModel
import Synchronization

/// A leaf, file or checkpointable that a load or conversion left out.
///
/// It is damaged, or can't be represented.
public struct Omission: Sendable {
  /// The name of the checkpointable, after those of the composites around it; empty for one without
  /// a name.
  public var checkpointable: String

  /// The path of the tree's node or of the file; empty for the whole checkpointable.
  public var path: String

  /// The reason for the omission.
  public var fault: LeafFault

  /// The error, with the place of the omission where the error has no place of its own.
  package var located: CoppiceError {
    fault.error.located(treePath: path.isEmpty ? nil : path)
      .located(inCheckpointable: checkpointable)
  }

  /// The name and the path as listings print them.
  public var place: String {
    [checkpointable, path].filter { !$0.isEmpty }.joined(separator: "/")
  }
}

/// The removal of damaged and unsupported leaves and files from a checkpoint.
///
/// Entries of dictionaries and records are left out. `none` takes the place of elements of lists
/// and tuples, so that the other elements keep their indices. An array with one bad block is left
/// out whole.
package struct Salvage {
  /// The leaves that are left out.
  package enum Scope: Hashable, Sendable {
    /// The leaves that can't be represented; damaged ones are errors.
    case unsupported
    /// The leaves and files that are damaged or can't be represented; every array is read to tell.
    case damaged

    /// Makes the scope of two choices; `nil` where nothing is left out.
    package init?(salvages: Bool, skipsUnsupported: Bool) {
      guard salvages || skipsUnsupported else { return nil }
      self = salvages ? .damaged : .unsupported
    }
  }

  /// The search for damage, which the ranks of a group divide: each reads some leaves and files, and then all ranks
  /// salvage by what all have found.
  package enum Search: Sendable {
    /// Everything is read.
    case whole
    /// The leaves and files of a rank are read, and their faults are added to a list.
    case share(rank: Int, count: Int, FoundFaults)
    /// Nothing is read: these are the faults.
    case done([Int: LeafFault])
  }

  private let probe: Probe
  private var omissions: [Omission] = []
  /// The number of leaves and files that were visited.
  private var visited = 0

  private var scope: Scope { probe.scope }

  private init(_ scope: Scope, _ search: Search, _ monitor: OperationMonitor) {
    probe = Probe(scope: scope, search: search, monitor: monitor)
  }

  /// Returns a checkpoint without the leaves and files that a scope leaves out.
  ///
  /// - Returns: The contents that are left, and the omissions.
  /// - Throws: All faults as one error where nothing is whole; `io.*`, `operation.cancelled`.
  package static func run(
    _ contents: CheckpointContents, scope: Scope, search: Search = .whole,
    monitor: OperationMonitor
  ) throws(CoppiceError) -> (contents: CheckpointContents, omissions: [Omission]) {
    var salvage = Salvage(scope, search, monitor)
    var whole = contents
    // Of a share nothing may be whole, while others have what is.
    let isShare = if case .share = search { true } else { false }
    switch contents.root {
    case .unnamed(let item):
      let kept = try salvage.keep(item, of: "")
      guard kept != nil || isShare else { throw salvage.nothingIsWhole }
      if let kept { whole.root = .unnamed(kept) }
    case .named(let items):
      let kept = try salvage.keep(items, below: "")
      guard !kept.isEmpty || salvage.omissions.isEmpty || isShare else {
        throw salvage.nothingIsWhole
      }
      whole.root = .named(kept)
    }
    whole.warnings = contents.allWarnings
    return (whole, salvage.omissions)
  }

  /// Returns a checkpointable without the leaves and files that a scope leaves out.
  ///
  /// - Throws: As for a checkpoint.
  package static func run(
    _ item: Checkpointable, named name: String, scope: Scope, monitor: OperationMonitor
  ) throws(CoppiceError) -> (item: Checkpointable, omissions: [Omission]) {
    var salvage = Salvage(scope, .whole, monitor)
    guard let kept = try salvage.keep(item, of: name) else { throw salvage.nothingIsWhole }
    return (kept, salvage.omissions)
  }

  /// Returns checkpointables without the leaves and files that a scope leaves out.
  ///
  /// A checkpointable of which nothing is left is left out itself.
  ///
  /// - Throws: The fault of a damaged checkpointable where the scope is `unsupported`; `io.*`,
  ///   `operation.cancelled`.
  package static func run(
    _ items: [NamedCheckpointable], scope: Scope, monitor: OperationMonitor
  ) throws(CoppiceError) -> (items: [NamedCheckpointable], omissions: [Omission]) {
    var salvage = Salvage(scope, .whole, monitor)
    return (try salvage.keep(items, below: ""), salvage.omissions)
  }

  private var nothingIsWhole: CoppiceError {
    var error =
      CoppiceError.summing(omissions.map(\.located))
      ?? CoppiceError(.formatUnsupported, "there is nothing in the checkpoint")
    error.message = "nothing of what was asked for is whole: " + error.message
    return error
  }

  private mutating func keep(
    _ items: [NamedCheckpointable], below place: String
  ) throws(CoppiceError) -> [NamedCheckpointable] {
    var kept: [NamedCheckpointable] = []
    for item in items {
      let name = place.isEmpty ? item.name : place + "/" + item.name
      do throws(CoppiceError) {
        if let value = try keep(try item.value, of: name) { kept.append(.init(item.name, value)) }
      } catch {
        guard scope == .damaged, error.isDamage else { throw error }
        omit(name, "", LeafFault(.damaged, error))
      }
    }
    return kept
  }

  /// Returns the whole leaves and files of a checkpointable; `nil` when it has some and none is
  /// whole.
  private mutating func keep(
    _ item: Checkpointable, of name: String
  ) throws(CoppiceError) -> Checkpointable? {
    switch item {
    case .json: return item
    case .composite(let items):
      let kept = try keep(items, below: name)
      return kept.isEmpty && !items.isEmpty ? nil : .composite(kept)
    case .files(let files):
      guard scope == .damaged else { return item }
      var kept: [CheckpointFile] = []
      for file in files {
        let fault = try probe.fault(number: visited) { (take) throws(CoppiceError) in
          try file.bytes.forEachPiece(ofAtMost: 4 << 20, take)
        }
        visited += 1
        if let fault { omit(name, file.path, fault) } else { kept.append(file) }
      }
      return kept.isEmpty && !files.isEmpty ? nil : .files(kept)
    case .tree(let tree): return try keep(tree, of: name).map { .tree($0) }
    }
  }

  private mutating func keep(
    _ tree: Tree<ArrayLeaf>, of name: String
  ) throws(CoppiceError) -> Tree<ArrayLeaf>? {
    let leaves = tree.leaves
    let faults = Mutex([LeafFault?](repeating: nil, count: leaves.count))
    let first = visited
    visited += leaves.count
    if scope == .damaged {
      probe.monitor.expect(
        bytes: leaves.indices.reduce(0) { total, index in
          total + (probe.reads(first + index) ? leaves[index].leaf.byteCount : 0)
        })
    }
    try ParallelWork.run(count: leaves.count, width: ParallelWork.streamCount) {
      [probe] (index) throws(CoppiceError) in
      let fault = try probe.fault(of: leaves[index].leaf, number: first + index)
      if let fault { faults.withLock { $0[index] = fault } }
    }
    let found = faults.withLock { $0 }
    for (leaf, fault) in zip(leaves, found) {
      if let fault { omit(name, leaf.path.description, fault) }
    }
    guard found.contains(where: { $0 != nil }) else { return tree }
    var index = 0
    return tree.keepingLeaves { _ in
      defer { index += 1 }
      return found[index] == nil
    }
  }

  private mutating func omit(_ name: String, _ path: String, _ fault: LeafFault) {
    omissions.append(Omission(checkpointable: name, path: path, fault: fault))
  }
}

extension Salvage {
  /// The search for the faults of single leaves and files.
  private struct Probe: Sendable {
    let scope: Scope
    let search: Search
    let monitor: OperationMonitor

    /// Returns whether a leaf or file is read here.
    func reads(_ number: Int) -> Bool {
      switch search {
      case .whole: true
      case .share(let rank, let count, _): number % count == rank
      case .done: false
      }
    }

    func fault(of leaf: ArrayLeaf, number: Int) throws(CoppiceError) -> LeafFault? {
      switch (leaf.fault, scope) {
      case (let fault?, .damaged): return fault
      case (let fault?, .unsupported): return fault.kind == .unsupported ? fault : nil
      case (nil, .unsupported): return nil
      case (nil, .damaged):
        return try fault(number: number) { (take) throws(CoppiceError) in
          try leaf.source.forEachPiece(ofAtMost: 4 << 20, take)
        }
      }
    }

    /// Calls a function that reads a leaf or file, and returns the damage that it finds.
    func fault(
      number: Int,
      _ read: ((RawSpan) throws(CoppiceError) -> Void) throws(CoppiceError) -> Void
    ) throws(CoppiceError) -> LeafFault? {
      if case .done(let faults) = search { return faults[number] }
      guard reads(number) else { return nil }
      let fault = try fault(read)
      if let fault, case .share(_, _, let found) = search { found.add(fault, number: number) }
      return fault
    }

    private func fault(
      _ read: ((RawSpan) throws(CoppiceError) -> Void) throws(CoppiceError) -> Void
    ) throws(CoppiceError) -> LeafFault? {
      do throws(CoppiceError) {
        try read { (piece) throws(CoppiceError) in try monitor.advance(bytes: piece.byteCount) }
        return nil
      } catch {
        guard error.isDamage else { throw error }
        return LeafFault(.damaged, error)
      }
    }
  }
}

/// The faults that a rank has found, by the number of the leaf or file.
package final class FoundFaults: Sendable {
  private let faults = Mutex<[Int: LeafFault]>([:])

  package init() {}

  fileprivate func add(_ fault: LeafFault, number: Int) {
    faults.withLock { $0[number] = fault }
  }

  /// The faults so far.
  package var all: [Int: LeafFault] { faults.withLock { $0 } }
}

extension CoppiceError {
  /// The areas of codes that blame the request rather than the stored data.
  private static let areasOfWishes = [
    "cast.", "conversion.", "handler.", "repair.", "state.", "status.", "structure.",
  ]

  /// Whether the error blames the stored data.
  ///
  /// A file that ends too early is damage, although the code is one of `io`; a value that can't be
  /// cast isn't.
  public var isDamage: Bool {
    if code == .ioShortRead { return true }
    return code.isInputFault && !Self.areasOfWishes.contains { code.rawValue.hasPrefix($0) }
  }
}

extension Tree {
  /// Returns the tree without some leaves; `nil` when it has children and none is left.
  ///
  /// - Parameter isKept: A function that is called for every leaf in depth-first order.
  fileprivate func keepingLeaves(_ isKept: (Leaf) -> Bool) -> Tree? {
    switch self {
    case .leaf(let leaf): return isKept(leaf) ? self : nil
    case .value: return self
    default:
      let children = children
      guard !children.isEmpty else { return self }
      let nodes = children.map { $0.node.keepingLeaves(isKept) }
      return nodes.contains { $0 != nil } ? rebuilt(nodes) : nil
    }
  }
}
