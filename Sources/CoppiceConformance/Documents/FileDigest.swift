import CoppiceDigest
import CoppiceFiles
import CoppiceModel
import SystemPackage

/// The SHA-256 of a file, in hexadecimal.
enum FileDigest {
  static func sha256(of file: InputFile) throws(CoppiceError) -> String {
    var hash = SHA256()
    try file.forEachPiece(ofAtMost: 1 << 20) { (piece) throws(CoppiceError) in
      hash.update(piece)
    }
    return hash.finish()
  }

  static func sha256(of text: String) -> String { SHA256.hex(text.utf8) }
}
