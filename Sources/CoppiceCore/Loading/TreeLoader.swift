package import CoppiceModel
import CoppiceStorage
import Synchronization

/// The loader of a tree's arrays, as saved or as requested.
package enum TreeLoader {
  /// Loads a tree.
  ///
  /// Several threads read the arrays. Memory is bounded by the result and the buffers of decoding.
  ///
  /// - Parameters:
  ///   - saved: The tree with the sources of its arrays.
  ///   - asked: The request; `nil` loads everything as saved.
  ///   - options: The treatment of differences between the request and the saved tree.
  ///   - monitor: The load's progress, reported every few megabytes, and its cancellation.
  /// - Throws: `usage.*` for a transform that can't be done, `structure.mismatch`, and the faults
  ///   of leaves that are to be loaded, before anything is read; `cast.*` for a value that can't be
  ///   cast, with the path of its leaf; `operation.cancelled`; the errors of reading.
  package static func load(
    _ saved: Tree<ArrayLeaf>, as asked: Tree<AbstractLeaf>? = nil,
    options: TreeLoadOptions = TreeLoadOptions(), monitor: OperationMonitor = OperationMonitor()
  ) throws(CoppiceError) -> Tree<NDArray> {
    let planned = try plan(saved, as: asked, options)
    var leaves: [PlannedLeaf] = []
    planned.forEachLeaf { leaves.append($0) }
    // Making the paths of 20,000 leaves takes longer than loading them; only an error needs one.
    let arrays = try load(leaves, monitor) { planned.leaves[$0].path }
    var index = 0
    return planned.replacingLeaves { leaf in
      let array = arrays[index]
      index += 1
      return leaf.value.map { .value(ScalarArray.value(of: array, $0)) } ?? .leaf(array)
    }
  }

  /// Compares a request with a saved tree, without reading any array.
  ///
  /// - Throws: `usage.*` for a transform that can't be done; `state.coding` for a fallback that
  ///   can't be encoded.
  package static func compare(
    _ saved: Tree<ArrayLeaf>, with asked: Tree<AbstractLeaf>,
    options: TreeLoadOptions = TreeLoadOptions()
  ) throws(CoppiceError) -> StructureReport {
    var matcher = try TreeMatcher(options, notesUnexpected: true)
    _ = matcher.match(asked, try options.transforms.apply(to: saved), matcher.root)
    return matcher.report
  }

  /// Matches a request with a saved tree, and returns what is to be loaded.
  ///
  /// - Throws: The errors of `load` before it reads.
  static func plan(
    _ saved: Tree<ArrayLeaf>, as asked: Tree<AbstractLeaf>?, _ options: TreeLoadOptions
  ) throws(CoppiceError) -> Tree<PlannedLeaf> {
    let saved = try options.transforms.apply(to: saved)
    var matcher = try TreeMatcher(options, notesUnexpected: options.unexpected != .ignore)
    let planned: Tree<PlannedLeaf>?
    if let asked {
      planned = matcher.match(asked, saved, matcher.root)
      var report = matcher.report
      if case .omit = options.missing { report.missing = [] }
      guard report.missing.isEmpty, report.unexpected.isEmpty, report.mismatched.isEmpty else {
        throw report.error
      }
    } else {
      planned = matcher.asSaved(saved, matcher.root)
    }
    if let fault = CoppiceError.summing(matcher.faults) { throw fault }
    return planned ?? .dict([])
  }
}

extension TreeLoader {
  /// The size in bytes from which a leaf is a job of its own; the largest such jobs come first.
  private static let largeBytes = 4 << 20

  /// The greatest number of leaves of a job, so that progress shows and no processor idles at the
  /// end.
  private static let leavesPerJob = 4096

  /// Loads leaves, each as an array.
  ///
  /// - Parameter path: Returns the path of the leaf at an index, for an error.
  static func load(
    _ leaves: [PlannedLeaf], _ monitor: OperationMonitor, path: @Sendable (Int) -> TreePath
  ) throws(CoppiceError) -> [NDArray] {
    // Copied once, before there are threads, which would wait for one another at the references to the tree's files.
    let sources = leaves.map(\.source)
    let sizes = sources.map(\.byteCount)
    monitor.expect(bytes: sizes.reduce(0, &+))
    try monitor.checkCancellation()
    let jobs = jobs(sizes)
    let loaded = Mutex<[NDArray?]>(Array(repeating: nil, count: leaves.count))
    try ParallelWork.run(count: jobs.count, width: ParallelWork.streamCount) {
      (job) throws(CoppiceError) in
      var arrays: [NDArray] = []
      arrays.reserveCapacity(jobs[job].count)
      var run = SmallLeafBatchReader(sources[jobs[job]])
      for (place, index) in jobs[job].enumerated() {
        do throws(CoppiceError) {
          arrays.append(try load(sources[index], place, of: &run, monitor))
        } catch {
          throw error.located(treePath: path(index).description)
        }
      }
      loaded.withLock { loaded in
        for (index, array) in zip(jobs[job], arrays) { loaded[index] = array }
      }
    }
    return loaded.withLock { $0.compactMap { $0 } }
  }

  private static func load(
    _ source: any ArraySource, _ place: Int, of run: inout SmallLeafBatchReader,
    _ monitor: OperationMonitor
  ) throws(CoppiceError) -> NDArray {
    if let array = try run.load(place, from: source) {
      try monitor.advance(bytes: array.byteCount)
      return array
    }
    return try source.load { (count) throws(CoppiceError) in
      try monitor.advance(bytes: count)
    }
  }

  /// Returns the ranges of leaves of which a thread reads one after the other.
  private static func jobs(_ sizes: [Int]) -> [Range<Int>] {
    var large: [Int] = []
    var small: [Range<Int>] = []
    var (start, bytes) = (0, 0)
    for (index, size) in sizes.enumerated() {
      let isLarge = size >= largeBytes
      if isLarge || bytes + size > SmallLeafBatchReader.bufferBytes || index - start == leavesPerJob
      {
        if start < index { small.append(start..<index) }
        (start, bytes) = (index, 0)
      }
      if isLarge {
        large.append(index)
        start = index + 1
      } else {
        bytes += size
      }
    }
    if start < sizes.count { small.append(start..<sizes.count) }
    large.sort { sizes[$0] > sizes[$1] }
    return large.map { $0..<($0 + 1) } + small
  }
}
