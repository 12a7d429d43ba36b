package import CoppiceModel
import Synchronization

/// The files of a checkpoint that has many, each opened when it is read; the number of open ones is bounded.
package final class FilePool: Sendable {
  private let directory: DirectoryHandle
  private let state = Mutex(State())

  /// The number of files that are kept open; a file in use stays open beyond that.
  private static let most = 64

  private struct State {
    var files: [TreeKey: (file: InputFile, lastUse: Int)] = [:]
    var clock = 0
  }

  package init(_ directory: DirectoryHandle) { self.directory = directory }

  /// Returns the name of a file for messages.
  package func displayName(_ name: String) -> String { directory.displayName(name) }

  /// Returns the open file at a relative path.
  ///
  /// - Throws: The errors of opening.
  package func file(_ name: String) throws(CoppiceError) -> InputFile {
    if let file = find(.string(name)) { return file }
    let file = try directory.open(name)
    keep(file, at: .string(name))
    return file
  }

  private func find(_ name: TreeKey) -> InputFile? {
    state.withLock { state in
      guard let found = state.files[name] else { return nil }
      state.clock += 1
      state.files[name] = (found.file, state.clock)
      return found.file
    }
  }

  private func keep(_ file: InputFile, at name: TreeKey) {
    state.withLock { state in
      state.clock += 1
      state.files[name] = (file, state.clock)
      guard state.files.count > Self.most,
        let oldest = state.files.min(by: { $0.value.lastUse < $1.value.lastUse })
      else { return }
      state.files[oldest.key] = nil
    }
  }
}

/// A range of a file in a pool.
package struct PooledBytes: ByteSource {
  private let pool: FilePool
  private let name: String
  private let start: Int
  package let byteCount: Int

  package init(_ name: String, of pool: FilePool, at start: Int, count: Int) {
    (self.pool, self.name) = (pool, name)
    (self.start, byteCount) = (start, count)
  }

  package var place: StoredPlace? {
    StoredPlace(file: pool.displayName(name), offset: start, byteCount: byteCount)
  }

  package func read(at offset: Int, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    guard offset >= 0, offset <= byteCount, bytes.byteCount <= byteCount - offset else {
      throw CoppiceError(.ioShortRead, "a read reaches past the end of its range")
    }
    try pool.file(name).read(at: start + offset, into: &bytes)
  }
}
