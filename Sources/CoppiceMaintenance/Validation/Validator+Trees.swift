import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceJSON
import CoppiceModel
import CoppiceStorage
import Synchronization

extension Validator {
  /// Checks one tree.
  ///
  /// - Returns: The features that the tree uses; `nil` if its document can't be read.
  mutating func checkTree(
    _ record: FileRecord, in directory: DirectoryHandle
  ) throws(CoppiceError) -> Set<Feature>? {
    let name = directory.displayName(record.path)
    let document = try check(.document) { (validator) throws(CoppiceError) in
      try TreeReader.document(
        record, in: directory, limits: validator.limits, isValidated: true)
    }
    guard let document else { return nil }
    report(document.warnings)
    guard includes(.structure) else { return document.features }
    let before = diagnostics.count
    try StructureCheck(document, file: name).run { (fault) throws(CoppiceError) in
      report(fault, .structure)
    }
    let isSound = diagnostics.count == before
    var files: [InputFile?] = []
    let opener = BlockFiles(document.files, in: directory)
    for index in document.files.indices {
      files.append(try check(.structure) { (_) throws(CoppiceError) in try opener.file(index) })
    }
    let expected = document.files.map(\.name) + [record.path]
    try checkUnknown(in: directory, expected: Set(expected.map { Array($0.utf8) }))
    guard includes(.data), isSound else { return document.features }
    try checkData(document, record, files, in: directory)
    return document.features
  }

  /// Checks the contents of files; `nil` stands for a file with a fault that was reported.
  private mutating func checkData(
    _ document: TreeDocument, _ record: FileRecord, _ files: [InputFile?],
    in directory: DirectoryHandle
  ) throws(CoppiceError) {
    let tree = try TreeReader.leaves(
      of: document, in: directory, options: TreeReadOptions(limits: limits), checksPadding: true)
    // A leaf with a fault has a block in a file whose fault was reported.
    let leaves = tree.leaves.filter { $0.leaf.fault == nil }
    let monitor = monitor
    monitor.expect(bytes: leaves.reduce(0) { $0 + $1.leaf.byteCount })
    let found = Mutex<[(index: Int, fault: CoppiceError)]>([])
    try ParallelWork.run(count: leaves.count, width: ParallelWork.streamCount) {
      (index) throws(CoppiceError) in
      do throws(CoppiceError) {
        let source = try leaves[index].leaf.source
        let dtype = source.dtype
        var first = 0
        try source.forEachPiece(ofAtMost: 4 << 20) { (piece) throws(CoppiceError) in
          try ElementCheck.check(piece, dtype) { first + $0 }
          first += piece.byteCount / dtype.width
          try monitor.advance(bytes: piece.byteCount)
        }
      } catch {
        guard error.code.isInputFault else { throw error }
        let fault = error.located(treePath: leaves[index].path.description)
        found.withLock { $0.append((index, fault)) }
      }
    }
    for (_, fault) in found.withLock({ $0 }).sorted(by: { $0.index < $1.index }) {
      report(fault, .data)
    }
    var blocks = Array(repeating: [(offset: Int, size: Int)](), count: files.count)
    for row in 0..<document.blocks.count {
      blocks[document.blocks.file[row]].append(
        (document.blocks.offset[row], document.blocks.size[row]))
    }
    var areStale = false
    for (index, file) in files.enumerated() {
      guard let file else { continue }
      let digest = try StructureDigest.take(of: file, outside: blocks[index])
      guard digest != document.files[index].structureDigest else { continue }
      areStale = true
      report(
        CoppiceError(
          .arraysStaleIndex,
          "the file's structure was changed or damaged: its digest is \(digest), but "
            + "\(document.files[index].structureDigest) was recorded", at: .init(file: file.name)),
        .data)
    }
    // HDF5 errors in a damaged file only follow from the damage, and libhdf5 might crash.
    let whole = files.compactMap { $0 }
    guard !areStale, whole.count == files.count else { return }
    try checkHDF5(document, record, whole, in: directory)
  }

  /// Compares HDF5's own metadata with the index.
  private mutating func checkHDF5(
    _ document: TreeDocument, _ record: FileRecord, _ files: [InputFile],
    in directory: DirectoryHandle
  ) throws(CoppiceError) {
    var outlines: [FileOutline] = []
    let names = files.map(\.name)
    for file in document.files {
      let outline = try check(.data) { (validator) throws(CoppiceError) in
        do throws(CoppiceError) {
          return try FileOutline.read(
            directory.absolutePath(of: file.name), mode: validator.hdf5,
            name: directory.displayName(file.name), limits: OutlineLimits(validator.limits))
        } catch {
          guard error.code.isInputFault else { throw error }
          throw CoppiceError(
            .arraysHDF5Mismatch, "HDF5 can't tell what is in the file: \(error.message)",
            at: error.location, cause: .other(error))
        }
      }
      guard let outline else { return }
      outlines.append(outline)
    }
    var comparison = try HDF5Comparison(document, outlines, names: names)
    comparison.run()
    let structure = try TreeDocument.structure(
      of: try StoredDocument.bytes(record, in: directory, limits: limits), limits: limits)
    try comparison.compareBytes(files, structure: structure)
    for fault in comparison.faults { report(fault, .data) }
  }
}
