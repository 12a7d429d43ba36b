import CoppiceFiles
import CoppiceModel
import Synchronization

/// The open files of a store, each opened once while it is in use; their number is bounded.
final class OpenFiles: Sendable {
  private let directory: DirectoryHandle
  /// The document that names the files, for messages.
  private let origin: String
  private let state = Mutex(State())

  /// The number of files that are kept open; a file in use stays open beyond that.
  private static let most = 64

  private struct State {
    var files: [[UInt8]: (file: InputFile, lastUse: Int)] = [:]
    var clock = 0
  }

  init(in directory: DirectoryHandle, namedBy origin: String) {
    self.directory = directory
    self.origin = origin
  }

  /// Returns the name of a file for messages.
  func displayName(_ path: [UInt8]) -> String { directory.displayName(String(printing: path)) }

  /// Returns the open file at a path given as bytes.
  ///
  /// - Throws: The errors of opening; `ocdbt.malformed` when the bytes aren't text.
  func file(at path: [UInt8]) throws(CoppiceError) -> InputFile {
    if let file = find(path) { return file }
    guard let name = String(validating: path, as: UTF8.self), !name.isEmpty else {
      throw CoppiceError(
        .ocdbtMalformed,
        "the data file's name \"\(String(printing: path))\" is not text; the database is damaged",
        at: .init(file: origin))
    }
    do {
      let file = try directory.open(name)
      keep(file, at: path)
      return file
    } catch {
      // Blame the file containing an escaping path, not its target.
      guard error.code == .fileOutside else { throw error }
      throw CoppiceError(error.code, error.message, at: .init(file: origin))
    }
  }

  private func find(_ path: [UInt8]) -> InputFile? {
    state.withLock { state in
      guard let found = state.files[path] else { return nil }
      state.clock += 1
      state.files[path] = (found.file, state.clock)
      return found.file
    }
  }

  private func keep(_ file: InputFile, at path: [UInt8]) {
    state.withLock { state in
      state.clock += 1
      state.files[path] = (file, state.clock)
      guard state.files.count > Self.most,
        let oldest = state.files.min(by: { $0.value.lastUse < $1.value.lastUse })
      else { return }
      state.files[oldest.key] = nil
    }
  }
}

/// A range of a file that is opened when it is read.
struct StoredBytes: ByteSource {
  let files: OpenFiles
  let path: [UInt8]
  let start: Int
  let byteCount: Int

  var place: StoredPlace? {
    StoredPlace(file: files.displayName(path), offset: start, byteCount: byteCount)
  }

  func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    let file = try files.file(at: path)
    guard byteCount <= file.byteCount, start <= file.byteCount - byteCount else {
      throw CoppiceError(
        .ocdbtTruncated,
        "the file has \(file.byteCount) bytes, but \(byteCount) from \(start) on belong to the "
          + "checkpoint; the file is incomplete, so copy it again",
        at: .init(file: file.name, offset: start))
    }
    guard offset >= 0, offset <= byteCount, bytes.byteCount <= byteCount - offset else {
      throw CoppiceError(.ioShortRead, "a read reaches past the end of its range")
    }
    try file.read(at: start + offset, into: &bytes)
  }
}
