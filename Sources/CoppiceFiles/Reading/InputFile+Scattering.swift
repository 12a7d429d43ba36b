package import CoppiceModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension InputFile {
  /// The target of the next bytes of a read.
  package enum Piece: Hashable, Sendable {
    /// A range of the caller's memory.
    case wanted(Range<Int>)
    /// A range of scratch memory, for bytes that the caller doesn't need.
    case passing(Range<Int>)

    /// The range, in either memory.
    package var range: Range<Int> {
      switch self {
      case .wanted(let range), .passing(let range): range
      }
    }
  }

  /// The most pieces of one read: the number of vectors that every supported system accepts.
  package static let mostPieces = 256

  /// Reads consecutive bytes of the file into several ranges of memory, with one system call.
  ///
  /// - Parameter pieces: At most `mostPieces`, each inside its memory.
  /// - Throws: `io.short-read` when the bytes reach past the end of the file; `io.*`.
  package func read(
    at offset: Int, to pieces: [Piece], of wanted: inout MutableRawSpan,
    _ passing: inout MutableRawSpan
  ) throws(CoppiceError) {
    let count = pieces.reduce(0) { $0 + $1.range.count }
    try readFully(count, at: offset) { done in
      unsafe wanted.withUnsafeMutableBytes { wanted in
        unsafe passing.withUnsafeMutableBytes { passing in
          var skipped = done
          var places = unsafe [iovec]()
          for piece in pieces {
            let rest = piece.range.dropFirst(skipped)
            skipped -= piece.range.count - rest.count
            guard !rest.isEmpty else { continue }
            let memory =
              if case .wanted = piece { unsafe wanted } else { unsafe passing }
            // The slice checks that the piece lies in its memory.
            let place = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[rest])
            unsafe places.append(iovec(iov_base: place.baseAddress, iov_len: place.count))
          }
          return unsafe preadv(
            descriptor.rawValue, places, Int32(places.count), off_t(offset + done))
        }
      }
    }
  }
}
