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
    var files = DataFiles()
    for number in document.files.indices {
      let index = try check(.document) { (validator) throws(CoppiceError) in
        try IndexReader.document(
          of: number, of: document, in: directory, limits: validator.limits, isValidated: true)
      }
      report(index?.warnings ?? [])
      files.indexes.append(index?.index)
    }
    guard includes(.structure) else { return document.features }
    let before = diagnostics.count
    try StructureCheck(document, file: name).run { (fault) throws(CoppiceError) in
      report(fault, .structure)
    }
    let isSound = diagnostics.count == before
    for (number, index) in files.indexes.enumerated() where number > 0 {
      guard let index, document.placeFaults.isEmpty else { continue }
      let file = directory.displayName(DataFile.indexName(number))
      let before = diagnostics.count
      try StructureCheck(document, index, of: number, file: file).run {
        (fault) throws(CoppiceError) in report(fault, .structure)
      }
      if diagnostics.count > before { files.indexes[number] = nil }
    }
    let opener = BlockFiles(document.files, in: directory)
    for number in document.files.indices {
      let file = try check(.structure) { (_) throws(CoppiceError) in try opener.file(number) }
      files.opened.append(file)
    }
    let expected = document.fileNames + [record.path]
    try checkUnknown(in: directory, expected: Set(expected.map { Array($0.utf8) }))
    guard includes(.data), isSound else { return document.features }
    try checkData(document, record, files, in: directory)
    return document.features
  }

  /// The data files of a tree, each with its index; `nil` stands for what has a fault that was
  /// reported.
  private struct DataFiles {
    var indexes: [FileIndex?] = []
    var opened: [InputFile?] = []

    /// The files with their indexes, unless one has a fault.
    var all: [(file: InputFile, index: FileIndex)]? {
      let whole = zip(opened, indexes).compactMap { (file, index) in
        file.flatMap { file in index.map { (file, $0) } }
      }
      return whole.count == opened.count ? whole : nil
    }

    /// The numbers of the files with a fault.
    var faulty: [Int] { opened.indices.filter { opened[$0] == nil || indexes[$0] == nil } }
  }

  private mutating func checkData(
    _ document: TreeDocument, _ record: FileRecord, _ files: DataFiles,
    in directory: DirectoryHandle
  ) throws(CoppiceError) {
    let tree = try TreeReader.leaves(
      of: document, indexes: files.indexes, in: directory, options: TreeReadOptions(limits: limits),
      checksPadding: true)
    let faulty = files.faulty
    let hasFault = document.leaves.kinds.map { leaf in
      faulty.contains { !document.boxes(of: leaf, in: $0).isEmpty }
    }
    let leaves = tree.leaves.enumerated().filter { !hasFault[document.leaves.kind(of: $0.offset)] }
      .map(\.element)
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
    var areStale = false
    for (file, index) in zip(files.opened, files.indexes) {
      guard let file, let index else { continue }
      let digest = try StructureDigest.take(of: file, outside: index.blocks.places)
      guard digest != index.structureDigest else { continue }
      areStale = true
      report(
        CoppiceError(
          .arraysStaleIndex,
          "the file's structure was changed or damaged: its digest is \(digest), but "
            + "\(index.structureDigest) was recorded", at: .init(file: file.name)),
        .data)
    }
    // HDF5 errors in a damaged file only follow from the damage, and libhdf5 might crash.
    guard !areStale, let files = files.all else { return }
    try checkHDF5(document, record, files, in: directory)
  }

  /// Compares HDF5's own metadata with the index.
  private mutating func checkHDF5(
    _ document: TreeDocument, _ record: FileRecord, _ files: [(file: InputFile, index: FileIndex)],
    in directory: DirectoryHandle
  ) throws(CoppiceError) {
    var outlines: [FileOutline] = []
    let names = files.map(\.file.name)
    for number in document.files.indices {
      let name = DataFile.name(number)
      let outline = try check(.data) { (validator) throws(CoppiceError) in
        do throws(CoppiceError) {
          return try FileOutline.read(
            directory.absolutePath(of: name), mode: validator.hdf5,
            name: directory.displayName(name), limits: OutlineLimits(validator.limits))
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
    var comparison = try HDF5Comparison(
      document, files.map(\.index.blocks), outlines, names: names)
    comparison.run()
    let structure = try TreeDocument.structure(
      of: try StoredDocument.bytes(record, in: directory, limits: limits), limits: limits)
    try comparison.compareBytes(files.map(\.file), structure: structure)
    for fault in comparison.faults { report(fault, .data) }
  }
}
