package import CoppiceModel
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension InputFile {
  /// Where the next bytes of a file go.
  package enum Piece: Hashable, Sendable {
    /// A range of what is asked for.
    case wanted(Range<Int>)
    /// A range of the memory for what only passes by.
    case passing(Range<Int>)

    /// The place, wherever it is.
    package var range: Range<Int> {
      switch self {
      case .wanted(let range), .passing(let range): range
      }
    }
  }

  /// The most pieces of one read: as many as every system takes.
  package static let mostPieces = 256

  /// Reads bytes that follow one another in the file to several places, with one system call.
  ///
  /// - Parameter pieces: At most `mostPieces`, each inside its memory.
  /// - Throws: `io.short-read` when they reach past the end of the file; `io.*`.
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
