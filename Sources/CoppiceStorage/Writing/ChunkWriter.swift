import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5
import CoppiceModel
import Synchronization

/// A writer of chunks, which encodes them on all processors and writes them through libhdf5 in grid
/// order.
///
/// The fixed order makes equal trees produce equal files. Memory: for each of at most
/// `ParallelWork.processorCount` threads one chunk raw, shuffled and encoded; and `windowBytes` of
/// raw chunks of sources that can only be read from front to back.
struct ChunkWriter {
  let plan: TreePlan
  let skeleton: HDF5Skeleton
  let monitor: OperationMonitor
  /// The files whose writeback starts while chunks are encoded, so that the final sync is short;
  /// empty where nothing is synced.
  let durableFiles: [OutputFile]

  /// The number of stored bytes after which writeback starts again.
  private static let writebackBytes = 16 << 20

  /// The most raw bytes of one source that wait to be encoded together.
  private static let windowBytes = 16 << 20

  /// A chunk to encode and store.
  struct Job: Sendable {
    /// The source of the elements.
    enum Content: Sendable {
      /// A box of an array, read when the job runs.
      case box(any ArraySource, ArrayBox)
      /// All elements of the chunk.
      case cell([UInt8])
    }

    var unit: DataFilePlan.StorageUnit
    var layout: ChunkLayout
    var level: Int
    var grid: ChunkGrid
    var dtype: DType
    /// The shape of the leaf.
    var shape: Shape
    var cell: Int
    var content: Content

    /// The bytes of a whole chunk.
    var chunkBytes: Int { grid.chunk.elementCount * dtype.width }
    /// The row of the file's blocks.
    var row: Int { unit.firstRow + cell }

    /// Returns the index in the leaf of an element of the chunk; without meaning beyond the leaf.
    func element(_ index: Int) -> Int {
      let offset = grid.box(cell)?.moved(by: unit.box.offset).offset ?? []
      return ArrayBox(offset: offset, shape: grid.chunk)?.element(index, in: shape) ?? index
    }
  }

  /// Writes all chunks.
  ///
  /// - Returns: The digest of each chunk as stored.
  func write() throws(CoppiceError) -> [WrittenBlock] {
    var digests: [WrittenBlock] = []
    var jobs: [Job] = []
    for unit in plan.files.flatMap(\.units) {
      let leaf = plan.document.leaves[unit.ordinal]
      guard case .chunked(let layout) = leaf.storage,
        let level = plan.levels[unit.ordinal],
        let grid = layout.grid(of: unit.box)
      else { continue }
      let source = plan.sources[unit.ordinal]
      let job = { (cell: Int, content: Job.Content) in
        Job(
          unit: unit, layout: layout, level: level, grid: grid, dtype: leaf.dtype,
          shape: leaf.shape, cell: cell,
          content: content)
      }
      if source.contiguousBytes != nil || !Self.areBands(grid, leaf.dtype) {
        // Boxes of this source can be read independently, or have to be: the chunks of all such
        // leaves form one long list.
        for cell in 0..<grid.cellCount {
          guard let box = grid.box(cell)?.moved(by: unit.box.offset) else { continue }
          jobs.append(job(cell, .box(source, box)))
        }
        continue
      }
      digests += try run(jobs)
      jobs = []
      var window: [Job] = []
      try forEachCell(unit, grid) { (cell, bytes) throws(CoppiceError) in
        window.append(job(cell, .cell(bytes)))
        guard window.count * bytes.count >= Self.windowBytes else { return }
        digests += try run(window)
        window.removeAll(keepingCapacity: true)
      }
      digests += try run(window)
    }
    return digests + (try run(jobs))
  }

  /// Encodes chunks on all processors and stores them in order.
  private func run(_ jobs: [Job]) throws(CoppiceError) -> [WrittenBlock] {
    let digests = Mutex<[WrittenBlock]>([])
    let next = Atomic<Int>(0)
    let turns = OrderedTurns()
    let stored = Atomic<Int>(0)
    let width = min(ParallelWork.processorCount, jobs.count)
    try ParallelWork.run(count: width, width: width) { (_) throws(CoppiceError) in
      var coder = try ChunkEncoder(level: jobs[0].level)
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < jobs.count else { return }
        let job = jobs[index]
        do throws(CoppiceError) {
          if coder.level != job.level { coder = try ChunkEncoder(level: job.level) }
          try coder.code(job) { (bytes, isRaw) throws(CoppiceError) in
            let digest = Digest(of: bytes)
            guard turns.wait(index) else { return }
            try store(bytes, isRaw: isRaw, job)
            digests.withLock {
              $0.append(WrittenBlock(file: job.unit.file, row: job.row, digest: digest))
            }
            turns.pass(index)
            let total = stored.add(bytes.byteCount, ordering: .relaxed).newValue
            if total / Self.writebackBytes != (total - bytes.byteCount) / Self.writebackBytes {
              // Everything in the page cache so far: libhdf5 doesn't report yet where it puts
              // chunks.
              for file in durableFiles { file.startWriteback(at: 0, count: 0) }
            }
          }
          try monitor.advance(
            bytes: (job.grid.box(job.cell)?.shape.elementCount ?? 0) * job.dtype.width)
        } catch {
          turns.fail()
          throw error.located(treePath: plan.paths[job.unit.ordinal])
        }
      }
    }
    return digests.withLock { $0 }
  }

  private func store(_ bytes: RawSpan, isRaw: Bool, _ job: Job) throws(CoppiceError) {
    // The mask of skipped filters: a raw chunk skips them all, two with shuffle, one without.
    let mask: UInt32 = isRaw ? (job.layout.isShuffled ? 3 : 1) : 0
    let offset = (job.grid.box(job.cell)?.offset ?? []).map { UInt64($0) }
    try skeleton.withDataset(plan, job.unit) { (dataset) throws(HDF5Error) in
      try dataset.writeChunk(bytes, at: offset, filterMask: mask)
    }
  }
}
