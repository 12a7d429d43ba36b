import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import CoppiceStorage
import Synchronization

/// The repair of one tree's document: it is kept, or rebuilt from the tree's HDF5 files.
struct TreeRepair {
  /// The record of the tree for the root document, and the features that the tree uses.
  struct Result {
    var record: FileRecord
    var features: Set<Feature>
  }

  private(set) var plan: RepairPlan
  private let record: FileRecord?
  private let directory: DirectoryHandle
  private let place: String
  /// Whether all data are as they were saved, although HDF5's own structures aren't.
  private var hasWholeData = false
  /// Whether the tree document as it was saved exists.
  private var hasKnown = false

  /// Makes the repair.
  ///
  /// - Parameter record: The record of `tree.json` in the root document; `nil` if that is lost.
  init(_ plan: RepairPlan, _ record: FileRecord?, in directory: DirectoryHandle) {
    self.plan = plan
    self.record = record
    self.directory = directory
    place = directory.displayName(CheckpointableEntry.treeFileName)
  }

  /// Plans the tree's files.
  ///
  /// - Returns: `nil` if the tree can't be recovered; a note says so.
  mutating func run() throws(CoppiceError) -> Result? {
    let known = try readKnown()
    if let known {
      hasKnown = record != nil
      switch try state(of: known.document) {
      case .fits: return keep(known.document, known.bytes)
      case .isLost: return nil
      case .isStale: break
      }
    }
    var reason = "the document can't be made anew from HDF5"
    if hasWholeData {
      reason = "all arrays are whole, and `Checkpoint.convert` carries them over, but \(reason)"
    }
    return try plan.recovering(reason) { [self] (plan) throws(CoppiceError) in
      var copy = self
      copy.plan = plan
      let result = try copy.rebuild(known?.document)
      plan = copy.plan
      return result
    } ?? nil
  }

  // MARK: The existing document

  private func readKnown() throws(CoppiceError) -> (document: TreeDocument, bytes: [UInt8])? {
    try plan.readable { (plan) throws(CoppiceError) in
      let bytes: [UInt8]
      if let record {
        bytes = try StoredDocument.bytes(record, in: directory, limits: plan.options.limits)
      } else {
        bytes = try directory.allBytes(
          of: CheckpointableEntry.treeFileName, limit: plan.options.limits.documentBytes)
      }
      let document = try TreeDocument(
        parsing: bytes, file: place, limits: plan.options.limits, checksForm: true)
      return (document, bytes)
    }
  }

  private enum State {
    /// The document and its HDF5 files belong together, and all digests match.
    case fits
    /// The HDF5 files aren't those for which the document was made.
    case isStale
    /// Data are damaged or missing; a note says so.
    case isLost
  }

  private mutating func state(of document: TreeDocument) throws(CoppiceError) -> State {
    let opener = BlockFiles(document.files, in: directory)
    var files: [InputFile] = []
    for index in document.files.indices {
      do throws(CoppiceError) {
        files.append(try opener.file(index))
      } catch {
        guard error.code.isInputFault else { throw error }
        if error.code == .arraysStaleIndex { return .isStale }
        // The file is missing or truncated: the data that it held are lost.
        noteLost(
          leaves(of: document) { $0 == index }, error.location.file ?? "", error.message)
        return .isLost
      }
    }
    let digests = try digests(of: document.blocks, in: files)
    let structures = try structureDigests(of: document, in: files)
    guard structures == document.files.map(\.structureDigest) else {
      hasWholeData = digests == document.blocks.digest && record != nil
      return .isStale
    }
    let damaged = Set((0..<digests.count).filter { digests[$0] != document.blocks.digest[$0] })
    guard !damaged.isEmpty else { return .fits }
    let table = try BlockTable(document)
    let paths = document.tree.leaves.map { LeafPlace.path(of: $0.path) }
    noteLost(
      paths.indices.filter { table[$0].contains(where: damaged.contains) }.map { paths[$0] },
      directory.displayName(""), "the data are damaged")
    return .isLost
  }

  private mutating func keep(_ document: TreeDocument, _ bytes: [UInt8]) -> Result {
    if record == nil {
      plan.note(.kept, place, "it fits its HDF5 files, and all digests in it match the data")
    }
    let name = CheckpointableEntry.treeFileName
    plan.output.add(place)
    addFiles(document)
    return Result(
      record: FileRecord(path: name, size: bytes.count, digest: Digest(of: bytes)),
      features: document.features)
  }

  private mutating func addFiles(_ document: TreeDocument) {
    for file in document.files { plan.output.add(directory.displayName(file.name)) }
  }

  /// Returns the leaves with a block in certain files.
  private func leaves(of document: TreeDocument, in isMeant: (Int) -> Bool) -> [String] {
    guard let table = try? BlockTable(document) else { return [] }
    return document.tree.leaves.filter { leaf in
      table[leaf.leaf].contains { isMeant(document.blocks.file[$0]) }
    }.map { LeafPlace.path(of: $0.path) }
  }

  private mutating func noteLost(_ leaves: [String], _ place: String, _ reason: String) {
    plan.note(
      .unrecoverable, place, "\(reason); lost: \(Self.list(leaves, "no array"))" + rescue)
  }

  /// The advice for rescuing other data; empty if no tree document can be trusted.
  private var rescue: String {
    hasKnown ? "; `Checkpoint.convert` with `select` carries others over" : ""
  }

  /// Returns paths as text, shortened if there are many.
  static func list(_ paths: [String], _ nothing: String) -> String {
    guard !paths.isEmpty else { return nothing }
    let shown = paths.prefix(12).map(\.printable).joined(separator: ", ")
    return paths.count > 12 ? "\(shown) and \(paths.count - 12) more" : shown
  }

  // MARK: A document rebuilt from HDF5

  private mutating func rebuild(_ known: TreeDocument?) throws(CoppiceError) -> Result? {
    let outlines = try TreeOutlines(directory, options: plan.options)
    let structure = try outlines.structure(limits: plan.options.limits)
    var finder = try BlockFinder(structure, outlines, limits: plan.options.limits)
    finder.run()
    guard finder.lost.isEmpty else {
      for (reason, leaves) in finder.lostByReason {
        noteLost(leaves, directory.displayName(""), reason)
      }
      return nil
    }
    var document = structure
    document.blocks = finder.blocks
    var files: [InputFile] = []
    let count = (finder.blocks.file.max() ?? 0) + 1
    for index in 0..<count { files.append(try directory.open(ArraysFile.name(index))) }
    document.files = files.enumerated().map { (index, file) in
      ArraysFile(
        name: ArraysFile.name(index), size: file.byteCount, structureDigest: Digest(bits: 0))
    }
    document.blocks.digest = Array(repeating: 0, count: document.blocks.count)
    // Check before reading any bytes that no blocks overlap or lie outside their files.
    try StructureCheck(document, file: place).run { (fault) throws(CoppiceError) in throw fault }
    document.blocks.digest = try digests(of: document.blocks, in: files)
    for (index, digest) in try structureDigests(of: document, in: files).enumerated() {
      document.files[index].structureDigest = digest
    }
    return add(document, known)
  }

  private mutating func add(_ document: TreeDocument, _ known: TreeDocument?) -> Result {
    let bytes = document.encoded()
    plan.output.add(place, .new(bytes))
    addFiles(document)
    let arrays = Self.count(document.leaves.count, "array")
    let files = Self.count(document.files.count, "file")
    plan.note(.rebuilt, place, "from HDF5: \(arrays) in \(files)")
    noteProof(document, record == nil ? nil : known)
    return Result(
      record: FileRecord(
        path: CheckpointableEntry.treeFileName, size: bytes.count, digest: Digest(of: bytes)),
      features: document.features)
  }

  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Notes which arrays are known to be as they were saved.
  private mutating func noteProof(_ document: TreeDocument, _ known: TreeDocument?) {
    guard !document.leaves.isEmpty else { return }
    let name = directory.displayName("")
    guard let known, known.tree == document.tree else {
      plan.note(
        .unproven, name,
        "the digests were taken from the data as they are now: whether these changed since they "
          + "were saved can't be told")
      return
    }
    let (old, new) = (digests(known), digests(document))
    let changed = document.tree.leaves.filter { leaf in
      known.leaves[leaf.leaf] != document.leaves[leaf.leaf] || old[leaf.leaf] != new[leaf.leaf]
    }.map { LeafPlace.path(of: $0.path) }
    guard !changed.isEmpty else {
      plan.note(.kept, name, "the data are proven to be those that were saved")
      return
    }
    plan.note(
      .unproven, name,
      "\(changed.count) of \(Self.count(document.leaves.count, "array")) changed after the save: "
        + Self.list(changed, ""))
  }

  private func digests(_ document: TreeDocument) -> [[UInt64]] {
    guard let table = try? BlockTable(document) else { return [] }
    return document.leaves.indices.map { Array(document.blocks.digest[table[$0]]) }
  }

  /// Computes, for each file, the digest of the bytes outside of blocks.
  private func structureDigests(
    of document: TreeDocument, in files: [InputFile]
  ) throws(CoppiceError) -> [Digest] {
    var places = Array(repeating: [(offset: Int, size: Int)](), count: files.count)
    for row in 0..<document.blocks.count {
      places[document.blocks.file[row]].append(
        (document.blocks.offset[row], document.blocks.size[row]))
    }
    var digests: [Digest] = []
    for (file, blocks) in zip(files, places) {
      digests.append(try StructureDigest.take(of: file, outside: blocks))
    }
    return digests
  }

  /// Computes the digest of each block, several at once.
  private func digests(
    of blocks: BlockColumns, in files: [InputFile]
  ) throws(CoppiceError) -> [UInt64] {
    let digests = Mutex([UInt64](repeating: 0, count: blocks.count))
    let monitor = plan.monitor
    monitor.expect(bytes: blocks.size.reduce(0, &+))
    try ParallelWork.run(count: blocks.count) { (row) throws(CoppiceError) in
      let file = files[blocks.file[row]]
      guard let slice = ByteSlice(of: file, at: blocks.offset[row], count: blocks.size[row]) else {
        throw CoppiceError(.arraysBlockOutside, "a block reaches out of its file")
      }
      var stream = DigestStream()
      try slice.forEachPiece(ofAtMost: 1 << 20) { (piece) throws(CoppiceError) in
        stream.update(piece)
        try monitor.advance(bytes: piece.byteCount)
      }
      let bits = stream.digest.bits
      digests.withLock { $0[row] = bits }
    }
    return digests.withLock { $0 }
  }
}
