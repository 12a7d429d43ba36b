import CoppiceCompression
import CoppiceFiles
import CoppiceModel
import CoppiceSafetensors
import CoppiceZip
import Synchronization

/// The place of an entry in the files of a checkpoint.
struct StoredEntry {
  /// The file, by the index of its name.
  var file: Int32
  /// The names of the transforms of its bytes, by their index; `nil` for none.
  var transforms: Int32?
  var offset: Int
  var length: Int
}

/// The entries of a checkpoint: each is a file of `torch.save`, or a tensor in a run of safetensors.
final class EntryStore: Sendable {
  private let pool: FilePool
  /// The name of the file with the metadata, which names the other files.
  private let origin: String
  /// The names to which entries refer.
  private let names: [String]
  let limits: ReadLimits

  private struct State {
    /// The size of each file, or the error of opening it.
    var sizes: [Int: Result<Int, CoppiceError>] = [:]
    /// The tensors of the runs of safetensors that were read, by file and offset.
    var runs: [[Int]: [TreeKey: ArrayLeaf]] = [:]
  }

  private let state = Mutex(State())

  /// The transform of `torch.distributed.checkpoint._extension`.
  private static let zstd = "stream.zstd/1"

  /// The most bytes of a value's entry that transforms may give, and those of a tensor's beyond its elements.
  private static let mostValueBytes = 1 << 28
  private static let mostPickleBytes = 1 << 20

  init(
    _ directory: DirectoryHandle, origin: String, names: [String], limits: ReadLimits
  ) {
    pool = FilePool(directory)
    self.origin = origin
    self.names = names
    self.limits = limits
  }

  /// Returns what can be known to be wrong with an entry without reading it.
  ///
  /// - Throws: The errors that don't blame the checkpoint.
  func fault(of entry: StoredEntry) throws(CoppiceError) -> CoppiceError? {
    if let transforms = entry.transforms, names[Int(transforms)] != Self.zstd {
      return CoppiceError(
        .pytorchTransform,
        "the bytes are transformed by \"\(names[Int(transforms)].printable)\", which isn't known")
    }
    switch size(ofFile: Int(entry.file)) {
    case .failure(let error):
      guard error.code.isInputFault else { throw error }
      return error
    case .success(let size):
      guard entry.offset >= 0, entry.length >= 0, entry.offset <= size,
        entry.length <= size - entry.offset
      else {
        let name = names[Int(entry.file)]
        let error = CoppiceError(
          .pytorchEntry,
          "the file has \(size) bytes, but \(entry.length) from \(entry.offset) on belong to the entry; it "
            + "is incomplete, so copy it again",
          at: .init(file: pool.displayName(name)))
        return (try? pool.file(name)).map { error.naming($0) } ?? error
      }
      return nil
    }
  }

  private func size(ofFile file: Int) -> Result<Int, CoppiceError> {
    if let size = state.withLock({ $0.sizes[file] }) { return size }
    let size: Result<Int, CoppiceError>
    do throws(CoppiceError) {
      guard !names[file].isEmpty else {
        throw CoppiceError(.fileMissing, "the name of the entry's file is empty")
      }
      size = .success(try pool.file(names[file]).byteCount)
    } catch {
      var error = error
      if error.code == .fileMissing, !names[file].isEmpty {
        error.message =
          "the file \"\(names[file].printable)\", which holds some of the data, is not there; the checkpoint is "
          + "incomplete, so copy it again"
      }
      // A path that leads out is the fault of the file with the path.
      if error.code == .fileOutside { error.location = .init(file: origin) }
      size = .failure(error)
    }
    state.withLock { $0.sizes[file] = size }
    return size
  }

  func place(of entry: StoredEntry) -> StoredPlace {
    StoredPlace(
      file: pool.displayName(names[Int(entry.file)]), offset: entry.offset, byteCount: entry.length,
      filters: entry.transforms == nil ? [] : ["zstd"])
  }

  /// Returns the bytes of an entry.
  ///
  /// - Parameter limit: The most bytes that transforms may give.
  private func bytes(of entry: StoredEntry, limit: Int) throws(CoppiceError) -> any ByteSource {
    if let fault = try fault(of: entry) { throw fault }
    let stored = PooledBytes(
      names[Int(entry.file)], of: pool, at: entry.offset, count: entry.length)
    guard entry.transforms != nil else { return stored }
    return MemoryBytes(try ZstdDecompressor.decompressAll(stored, limit: limit))
  }

  /// Reads a value that is no tensor.
  ///
  /// - Throws: `pytorch.*`, `zip.*`, `compression.*`, `file.*`, `io.*`.
  func value(
    _ entry: StoredEntry, at path: TreePath
  ) throws(CoppiceError) -> (tree: Tree<ArrayLeaf>, warnings: [CoppiceError]) {
    do throws(CoppiceError) {
      let bytes = try bytes(of: entry, limit: Self.mostValueBytes)
      let contents = try archive(bytes, of: entry).contents(limits: limits, at: path)
      guard case .unnamed(let whole) = contents.root, case .tree(let tree) = whole else {
        throw notAnArchive
      }
      return (tree, contents.warnings)
    } catch {
      throw error.located(
        file: pool.displayName(names[Int(entry.file)]), treePath: path.description)
    }
  }

  /// Opens a tensor, which must have an expected type and shape.
  func tensor(
    _ key: String, _ entry: StoredEntry, dtype: DType, shape: Shape
  ) throws(CoppiceError) -> any ArraySource {
    do throws(CoppiceError) {
      let expected = (shape.byteCount(of: dtype) ?? 0).addingReportingOverflow(Self.mostPickleBytes)
      let bytes = try bytes(of: entry, limit: min(expected.partialValue, limits.documentBytes))
      let isArchive = try ZipArchive.recognizes(bytes)
      let source =
        entry.transforms == nil && !isArchive
        ? try run(of: entry, holding: key) : try tensor(in: bytes, of: entry)
      guard source.dtype == dtype, source.shape == shape else {
        throw CoppiceError(
          .pytorchEntry,
          "the stored tensor has \(source.dtype) elements of shape \(source.shape), but the metadata say "
            + "\(dtype) of shape \(shape); they are of two checkpoints, or one is damaged")
      }
      return source
    } catch {
      var error = error
      if error.location.offset == nil { error.location.offset = entry.offset }
      throw error.located(file: pool.displayName(names[Int(entry.file)]))
    }
  }

  /// Returns whether an entry's bytes have checksums, and a warning if they could.
  ///
  /// One entry speaks for all: torch writes them all in one way.
  func digests(of entry: StoredEntry) throws(CoppiceError) -> (are: Bool, warning: CoppiceError?) {
    guard entry.transforms == nil, try fault(of: entry) == nil else { return (false, nil) }
    let bytes = try bytes(of: entry, limit: 0)
    guard try ZipArchive.recognizes(bytes) else { return (false, nil) }
    let name = pool.displayName(names[Int(entry.file)])
    let warning = try ZipArchive(bytes, name: name, limits: limits).checksumWarning
    return (warning == nil, warning?.located(file: name))
  }

  private func tensor(
    in bytes: any ByteSource, of entry: StoredEntry
  ) throws(CoppiceError) -> any ArraySource {
    let contents = try archive(bytes, of: entry).contents(limits: limits)
    guard case .unnamed(let whole) = contents.root, case .tree(.leaf(let leaf)) = whole else {
      throw CoppiceError(
        .pytorchEntry, "the entry holds another value than a tensor, which the metadata say it is")
    }
    return try leaf.source
  }

  private func archive(
    _ bytes: any ByteSource, of entry: StoredEntry
  ) throws(CoppiceError) -> ZipFile {
    guard try ZipArchive.recognizes(bytes) else { throw notAnArchive }
    let name = pool.displayName(names[Int(entry.file)])
    let archive = try ZipArchive(bytes, name: name, limits: limits)
    return try ZipFile(archive, fileByteCount: bytes.byteCount, name: name)
  }

  private var notAnArchive: CoppiceError {
    CoppiceError(
      .pytorchEntry,
      "the entry doesn't begin as one that torch.save writes; the file or the metadata are damaged")
  }

  /// Returns a tensor of the run of safetensors that begins where all its tensors are said to.
  private func run(
    of entry: StoredEntry, holding key: String
  ) throws(CoppiceError) -> any ArraySource {
    let place = [Int(entry.file), entry.offset]
    var tensors = state.withLock { $0.runs[place] } ?? [:]
    if tensors.isEmpty {
      let file = try pool.file(names[Int(entry.file)])
      let bytes = PooledBytes(
        names[Int(entry.file)], of: pool, at: entry.offset, count: file.byteCount - entry.offset)
      guard try SafetensorsFormat.recognizes(start: bytes) else { throw notAnArchive }
      let contents = try SafetensorsFormat.open(bytes, name: file.name, limits: limits)
      if case .unnamed(let whole) = contents.root, case .tree(.dict(let entries)) = whole {
        for entry in entries {
          if case .leaf(let leaf) = entry.node { tensors[entry.key] = leaf }
        }
      }
      state.withLock { [tensors] in $0.runs[place] = tensors }
    }
    guard let leaf = tensors[.string(key)] else {
      throw CoppiceError(
        .pytorchEntry,
        "the file has no tensor \"\(key.printable)\" where the metadata say; one of them is damaged"
      )
    }
    return try leaf.source
  }
}
