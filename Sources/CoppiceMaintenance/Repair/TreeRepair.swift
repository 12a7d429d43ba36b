import CoppiceFiles
import CoppiceFormat
import CoppiceModel
import CoppiceStorage
import Synchronization

/// The repair of one tree's documents: they are kept, or rebuilt from the tree's HDF5 files.
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
      switch try state(of: known) {
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
      let result = try copy.rebuild(known)
      plan = copy.plan
      return result
    } ?? nil
  }

  // MARK: The existing document

  /// The tree document as it was found, with the indexes that could be read.
  private struct Known {
    var document: TreeDocument
    var bytes: [UInt8]
    var indexes: [FileIndex?]
  }

  private func readKnown() throws(CoppiceError) -> Known? {
    let known = try plan.readable { (plan) throws(CoppiceError) in
      let bytes: [UInt8]
      if let record {
        bytes = try StoredDocument.bytes(record, in: directory, limits: plan.options.limits)
      } else {
        bytes = try directory.allBytes(
          of: CheckpointableEntry.treeFileName, limit: plan.options.limits.documentBytes)
      }
      let document = try TreeDocument(
        parsing: bytes, file: place, limits: plan.options.limits, checksForm: true)
      return Known(document: document, bytes: bytes, indexes: [])
    }
    guard var known else { return nil }
    known.indexes = try indexes(of: known.document)
    return known
  }

  private enum State {
    /// The document and its HDF5 files belong together, and all digests match.
    case fits
    /// The HDF5 files aren't those for which the document was made.
    case isStale
    /// Data are damaged or missing; a note says so.
    case isLost
  }

  private mutating func state(of known: Known) throws(CoppiceError) -> State {
    let document = known.document
    let opener = BlockFiles(document.files, in: directory)
    var files: [InputFile] = []
    for index in document.files.indices {
      do throws(CoppiceError) {
        files.append(try opener.file(index))
      } catch {
        guard error.code.isInputFault else { throw error }
        if error.code == .arraysStaleIndex { return .isStale }
        // The file is missing or truncated: the data that it held are lost.
        let leaves = document.tree.leaves.filter {
          !document.boxes(of: document.leaves[$0.leaf], in: index).isEmpty
        }.map { LeafPlace.path(of: $0.path) }
        noteLost(leaves, error.location.file ?? "", error.message)
        return .isLost
      }
    }
    let indexes = known.indexes.compactMap { $0 }
    guard indexes.count == files.count else { return .isStale }
    var (areWhole, fit) = (true, true)
    var damaged: [Set<Int>] = []
    for (file, index) in zip(files, indexes) {
      let digests = try digests(of: index.blocks, in: file)
      damaged.append(Set(digests.indices.filter { digests[$0] != index.blocks.digest[$0] }))
      areWhole = areWhole && damaged[damaged.count - 1].isEmpty
      let structure = try StructureDigest.take(of: file, outside: index.blocks.places)
      fit = fit && structure == index.structureDigest
    }
    guard fit else {
      hasWholeData = areWhole && record != nil
      return .isStale
    }
    guard !areWhole else { return .fits }
    var lost: Set<Int> = []
    for number in files.indices where !damaged[number].isEmpty {
      let table = try BlockTable(document, file: number)
      lost.formUnion(
        document.leaves.indices.filter { table[$0].contains(where: damaged[number].contains) })
    }
    let paths = document.tree.leaves.map { LeafPlace.path(of: $0.path) }
    noteLost(lost.sorted().map { paths[$0] }, directory.displayName(""), "the data are damaged")
    return .isLost
  }

  /// Reads the indexes of all data files; `nil` for one that is lost or damaged.
  private func indexes(of document: TreeDocument) throws(CoppiceError) -> [FileIndex?] {
    var indexes: [FileIndex?] = []
    for number in document.files.indices {
      indexes.append(
        try plan.readable { (plan) throws(CoppiceError) in
          try IndexReader.index(
            of: number, of: document, in: directory, limits: plan.options.limits
          ).index
        })
    }
    return indexes
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

  /// Adds the data files, and their indexes as they are.
  private mutating func addFiles(_ document: TreeDocument) {
    for name in document.fileNames { plan.output.add(directory.displayName(name)) }
  }

  private mutating func noteLost(_ leaves: [String], _ place: String, _ reason: String) {
    plan.note(
      .unrecoverable, place, "\(reason); lost: \(Self.list(leaves, "no array"))" + rescue)
  }

  /// The advice for rescuing other data; empty if no tree document can be trusted.
  private var rescue: String {
    hasKnown ? "; `Checkpoint.convert` with `salvages` carries the rest over" : ""
  }

  /// Returns paths as text, shortened if there are many.
  static func list(_ paths: [String], _ nothing: String) -> String {
    guard !paths.isEmpty else { return nothing }
    let shown = paths.prefix(12).map(\.printable).joined(separator: ", ")
    return paths.count > 12 ? "\(shown) and \(paths.count - 12) more" : shown
  }

  // MARK: Documents rebuilt from HDF5

  private mutating func rebuild(_ known: Known?) throws(CoppiceError) -> Result? {
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
    var files: [InputFile] = []
    for number in finder.blocks.indices {
      files.append(try directory.open(DataFile.name(number)))
      document.files.append(DataFile(size: files[number].byteCount))
    }
    // Check before reading any bytes that no blocks overlap or lie outside their files.
    for (number, blocks) in finder.blocks.enumerated() {
      try StructureCheck(
        document, FileIndex(blocks: blocks.withoutDigests), of: number, file: place
      ).run { (fault) throws(CoppiceError) in throw fault }
    }
    var indexes: [FileIndex] = []
    for (file, blocks) in zip(files, finder.blocks) {
      var index = FileIndex(blocks: blocks)
      index.blocks.digest = try digests(of: blocks, in: file)
      index.structureDigest = try StructureDigest.take(of: file, outside: blocks.places)
      indexes.append(index)
    }
    return add(document, indexes, known)
  }

  private mutating func add(
    _ structure: TreeDocument, _ indexes: [FileIndex], _ known: Known?
  ) -> Result {
    var (document, known) = (structure, known)
    document.index = indexes[0]
    for (number, index) in indexes.enumerated() {
      plan.output.add(directory.displayName(DataFile.name(number)))
      guard number > 0 else { continue }
      let (bytes, name) = (IndexDocument(index).encoded(), DataFile.indexName(number))
      let record = FileRecord(path: name, size: bytes.count, digest: Digest(of: bytes))
      plan.output.add(directory.displayName(name), .new(bytes))
      document.files[number].index = record
      // The lost index had this digest, so it was the same.
      if let files = known?.document.files, number < files.count, files[number].index == record {
        known?.indexes[number] = index
      }
    }
    let bytes = document.encoded()
    plan.output.add(place, .new(bytes))
    let arrays = Self.count(document.leaves.count, "array")
    let files = Self.count(document.files.count, "file")
    plan.note(.rebuilt, place, "from HDF5: \(arrays) in \(files)")
    noteProof(document, indexes, record == nil ? nil : known)
    return Result(
      record: FileRecord(
        path: CheckpointableEntry.treeFileName, size: bytes.count, digest: Digest(of: bytes)),
      features: document.features)
  }

  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Notes which arrays are known to be as they were saved.
  private mutating func noteProof(
    _ document: TreeDocument, _ indexes: [FileIndex], _ known: Known?
  ) {
    guard !document.leaves.isEmpty else { return }
    let name = directory.displayName("")
    guard let known, known.document.tree == document.tree else {
      plan.note(
        .unproven, name,
        "the digests were taken from the data as they are now: whether these changed since they "
          + "were saved can't be told")
      return
    }
    let (old, new) = (digests(known.document, known.indexes), digests(document, indexes))
    let changed = document.tree.leaves.filter { leaf in
      known.document.leaves[leaf.leaf] != document.leaves[leaf.leaf]
        || old[leaf.leaf] != new[leaf.leaf]
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

  /// Returns the digests of the blocks of each leaf, as far as indexes are known.
  private func digests(_ document: TreeDocument, _ indexes: [FileIndex?]) -> [[UInt64]] {
    var digests = document.leaves.map { _ in [UInt64]() }
    for (number, index) in indexes.enumerated() {
      guard let index, let table = try? BlockTable(document, file: number) else { continue }
      for ordinal in document.leaves.indices {
        digests[ordinal] += index.blocks.digest[table[ordinal]]
      }
    }
    return digests
  }

  /// Computes the digest of each block of a file, several at once.
  private func digests(
    of blocks: BlockColumns, in file: InputFile
  ) throws(CoppiceError) -> [UInt64] {
    let digests = Mutex([UInt64](repeating: 0, count: blocks.count))
    let monitor = plan.monitor
    monitor.expect(bytes: blocks.size.reduce(0, &+))
    try ParallelWork.run(count: blocks.count) { (row) throws(CoppiceError) in
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
