import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel

/// The HDF5 metadata of the files of one tree.
struct TreeOutlines {
  /// A file with its outline; `arrays.h5` has index 0.
  struct File {
    var outline: FileOutline
    var index: FileOutline.Index
  }

  private let directory: DirectoryHandle
  private(set) var files: [Int: File] = [:]

  /// Reads the outlines of all data files in a directory.
  ///
  /// - Throws: `directory.file-missing` without `arrays.h5`; `hdf5.*`, `io.*`.
  init(_ directory: DirectoryHandle, options: RepairOptions) throws(CoppiceError) {
    self.directory = directory
    for entry in try directory.entries() where entry.kind == .file {
      guard let number = Self.index(of: entry.name) else { continue }
      let outline = try FileOutline.read(
        directory.absolutePath(of: entry.name), mode: options.hdf5,
        name: directory.displayName(entry.name), limits: OutlineLimits(options.limits))
      files[number] = File(outline: outline, index: FileOutline.Index(outline))
    }
    guard files[0] != nil else {
      throw CoppiceError(
        .directoryFileMissing,
        "the file is not there, which holds the arrays or says where they lie",
        at: .init(file: directory.displayName(DataFile.name(0))))
    }
  }

  private static func index(of name: String) -> Int? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let number = parts.count == 3 ? Int(parts[1]) : 0
    guard let number, DataFile.name(number).utf8.elementsEqual(name.utf8) else { return nil }
    return number
  }

  /// Returns the dataset at a path of a file.
  func dataset(_ path: String, in file: Int) -> DatasetOutline? {
    let bytes = Array(path.utf8)
    guard let entry = files[file]?.index.object(at: bytes), entry.path == bytes,
      case .dataset(let dataset) = entry.content
    else { return nil }
    return dataset
  }

  /// Returns the bytes of a contiguous dataset of a file.
  func bytes(
    of dataset: DatasetOutline, in file: Int, limit: Int
  ) throws(CoppiceError) -> [UInt8]? {
    guard case .contiguous(let range?) = dataset.layout, let offset = Int(exactly: range.offset),
      let count = Int(exactly: range.byteCount), count <= limit
    else { return nil }
    return try directory.open(DataFile.name(file)).bytes(at: offset, count: count)
  }

  /// Returns the copy of the tree document in HDF5, which lacks the files.
  ///
  /// - Throws: `repair.not-recoverable` when HDF5 has no copy; `json.*`, `model.*`, `arrays.*`, ….
  func structure(limits: ReadLimits) throws(CoppiceError) -> TreeDocument {
    let name = directory.displayName(DataFile.name(0))
    guard let dataset = dataset("%coppice/tree", in: 0),
      let bytes = try bytes(of: dataset, in: 0, limit: limits.documentBytes)
    else {
      throw CoppiceError(
        .repairNotRecoverable, "the file has no copy of the tree's structure at /%coppice/tree",
        at: .init(file: name))
    }
    return try TreeDocument(parsingStructure: bytes, file: name + "/%coppice/tree", limits: limits)
  }
}
