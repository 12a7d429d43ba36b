import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import Dispatch
import Synchronization
import SystemPackage

/// A writer of contiguous and packed blocks to their offsets, in parallel and without libhdf5.
///
/// Memory: each of at most `ParallelWork.waitingStreamCount` jobs holds at most `pieceBytes`, and
/// the working memory that its source needs to decode (`ReadLimits.workingMemory`): 320 MiB in all.
struct BlockWriter {
  /// The most bytes that are read, digested and written at once.
  static let pieceBytes = 8 << 20
  /// The bytes of a large array in one job.
  private static let sharedBytes = 32 << 20

  let plan: TreePlan
  let files: [OutputFile]
  let monitor: OperationMonitor
  /// Whether writeback starts at once, so that the final sync is short.
  let isDurable: Bool
  /// Lets all threads but one write at a time.
  ///
  /// Otherwise all threads would compute digests at once, with the device idle, and then wait for
  /// each other at the file.
  private let device = DispatchSemaphore(value: max(ParallelWork.streamCount - 1, 1))

  /// One job: pieces of a unit with a dataset of its own, or consecutive packed leaves.
  private enum Job: Sendable {
    case unit(DataFilePlan.StorageUnit, pieces: Range<Int>)
    case packed(ArraySlice<(ordinal: Int, element: Int)>, file: Int)
  }

  /// Writes all blocks.
  ///
  /// - Returns: The digest of each block that was written.
  func run() throws(CoppiceError) -> [WrittenBlock] {
    let turns = PerFileJobQueue(makeJobs())
    let written = Mutex<[WrittenBlock]>([])
    try ParallelWork.run(count: turns.count, width: width) { (_) throws(CoppiceError) in
      guard let turn = turns.begin() else { return }
      defer { turns.end(turn) }
      let blocks: [WrittenBlock]
      switch turn.job {
      case .unit(let unit, let pieces): blocks = try write(pieces, of: unit)
      case .packed(let members, let file): blocks = try write(members, to: file)
      }
      written.withLock { $0.append(contentsOf: blocks) }
    }
    return written.withLock { $0 }
  }

  /// The number of jobs that run at once.
  ///
  /// Arrays in memory only need digests, which keep up with the device on fewer threads.
  private var width: Int {
    let areRead = plan.sources.contains { $0.inMemory == nil }
    return isDurable && areRead ? ParallelWork.waitingStreamCount : ParallelWork.streamCount
  }

  /// Returns the jobs of each file.
  private func makeJobs() -> [[Job]] {
    plan.files.enumerated().map { (index, file) in
      var jobs: [Job] = []
      // Small units last: writes through the page cache wait for direct writes of the same file.
      let units = file.units.filter { plan.document.leaves[$0.ordinal].storage == .contiguous }
        .map { (unit: $0, isSmall: byteCount($0) < OutputFile.leastDirectBytes) }
      for unit in units.filter({ !$0.isSmall }).map(\.unit) + units.filter(\.isSmall).map(\.unit) {
        // Arrays in memory can be read from any offset, so several threads share the large ones.
        let isShared = (try? plan.source(of: unit))?.inMemory != nil
        let pieces = file.table.pieces(of: unit.box, plan.document.leaves[unit.ordinal])
        let perJob = isShared ? max(Self.sharedBytes / pieces[0].count, 1) : pieces.count
        for first in stride(from: 0, to: pieces.count, by: perJob) {
          jobs.append(.unit(unit, pieces: first..<min(first + perJob, pieces.count)))
        }
      }
      for pack in file.packs {
        var start = 0
        for end in 1...pack.members.count {
          let isLast = end == pack.members.count
          let elements =
            (isLast ? pack.elementCount : pack.members[end].element) - pack.members[start].element
          guard isLast || elements * pack.dtype.width >= Self.pieceBytes / 2 else { continue }
          jobs.append(.packed(pack.members[start..<end], file: index))
          start = end
        }
      }
      return jobs
    }
  }

  private func byteCount(_ unit: DataFilePlan.StorageUnit) -> Int {
    unit.box.shape.elementCount * plan.document.leaves[unit.ordinal].dtype.width
  }

  /// Writes pieces of a unit; all of them unless its source is in memory.
  private func write(
    _ range: Range<Int>, of unit: DataFilePlan.StorageUnit
  ) throws(CoppiceError) -> [WrittenBlock] {
    let file = files[unit.file]
    let leaf = plan.document.leaves[unit.ordinal]
    let pieces = plan.files[unit.file].table.pieces(of: unit.box, leaf)
    let bytes = pieces[range.lowerBound].lowerBound..<pieces[range.upperBound - 1].upperBound
    let start = plan.files[unit.file].blocks.offset[unit.firstRow]
    var offset = start + bytes.lowerBound
    var written: [WrittenBlock] = []
    written.reserveCapacity(range.count)
    var digests = PieceDigests(pieces, from: range.lowerBound)
    let put = { (piece: RawSpan) throws(CoppiceError) in
      // Dtypes whose elements need a check have one byte per element.
      try ElementCheck.check(piece, leaf.dtype) {
        unit.box.element(offset - start + $0, in: leaf.shape)
      }
      try digests.update(piece) { (piece, digest) throws(CoppiceError) in
        written.append(
          WrittenBlock(file: unit.file, row: unit.firstRow + piece, digest: digest))
      }
      if isDurable {
        device.wait()
        defer { device.signal() }
        try file.writeThrough(piece, at: offset)
      } else {
        try file.write(piece, at: offset)
      }
      offset += piece.byteCount
      try monitor.advance(bytes: piece.byteCount)
    }
    do throws(CoppiceError) {
      let source = try plan.source(of: unit)
      if let array = source.inMemory {
        try array.withBytes { (whole) throws(CoppiceError) in
          for first in stride(from: bytes.lowerBound, to: bytes.upperBound, by: Self.pieceBytes) {
            let end = min(first + Self.pieceBytes, bytes.upperBound)
            try put(whole.extracting(first..<end))
          }
        }
      } else {
        try source.forEachPiece(ofAtMost: Self.pieceBytes, put)
      }
    } catch {
      throw error.located(treePath: plan.paths[unit.ordinal])
    }
    guard offset == start + bytes.upperBound else {
      throw CoppiceError(
        .arraysBlockSize, "the source yielded \(start + bytes.upperBound - offset) bytes too few",
        at: .init(treePath: plan.paths[unit.ordinal]))
    }
    return written
  }

  /// Gathers adjacent packed leaves in memory and writes them together.
  private func write(
    _ members: ArraySlice<(ordinal: Int, element: Int)>, to file: Int
  ) throws(CoppiceError) -> [WrittenBlock] {
    guard let first = members.first, let last = members.last else { return [] }
    let (blocks, table) = (plan.files[file].blocks, plan.files[file].table)
    let start = blocks.offset[table[first.ordinal].lowerBound]
    let lastRow = table[last.ordinal].lowerBound
    var buffer = [UInt8](repeating: 0, count: blocks.offset[lastRow] + blocks.size[lastRow] - start)
    var written: [WrittenBlock] = []
    written.reserveCapacity(members.count)
    for member in members {
      let row = table[member.ordinal].lowerBound
      let place = blocks.offset[row] - start
      var span = buffer.mutableSpan
      var bytes = unsafe span.mutableBytes
      var target = bytes._mutatingExtracting(place..<(place + blocks.size[row]))
      let source = plan.sources[member.ordinal]
      do throws(CoppiceError) {
        if let array = source.inMemory {
          array.withBytes { target.copy(from: $0, at: 0) }
        } else {
          try source.read(ArrayBox(whole: source.shape), into: &target)
        }
        try ElementCheck.check(target.bytes, source.dtype)
      } catch {
        throw error.located(treePath: plan.paths[member.ordinal])
      }
      written.append(WrittenBlock(file: file, row: row, digest: Digest(of: target.bytes)))
    }
    try files[file].write(unsafe buffer.span.bytes, at: start)
    if isDurable { files[file].startWriteback(at: start, count: buffer.count) }
    try monitor.advance(bytes: buffer.count)
    return written
  }
}
