import CoppiceModel
import Crypto
import FileAccess
import SystemPackage

/// The SHA-256 of a file, in hexadecimal.
enum FileDigest {
  static func sha256(of file: InputFile) throws(CoppiceError) -> String {
    var hash = SHA256()
    try file.forEachPiece(ofAtMost: 1 << 20) { (piece) throws(CoppiceError) in
      unsafe piece.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    }
    return ArrayDigest.hex(hash.finalize())
  }

  static func sha256(of text: String) -> String {
    ArrayDigest.hex(SHA256.hash(data: Array(text.utf8)))
  }
}
